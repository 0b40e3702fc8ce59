"""What verbs print: plain data first (that is ``--json``), then the same data for a terminal.

A function named ``*_row`` or ``*_rows`` returns data that ``json.dumps`` takes; ``*_table``,
``*_text`` and ``*_lines`` show such data to people. Shapes that several views share (article, date,
match, mention, finding) stand once, in ``fields``.
"""
