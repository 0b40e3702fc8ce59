"""What views have in common on a terminal: bare tables, marked words, proof in a line. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from crawler.foreign_text import one_line
from crawler.views.fields import JsonRow

MARK = "bold black on yellow"  # how proof stands out in its text


def on_one_line(value: Any) -> Any:
    """The value with every text in it on one line and printable: its width is known then."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, dict):
        return {one_line(key): on_one_line(item) for key, item in value.items()}
    return [on_one_line(item) for item in value] if isinstance(value, list) else value


def bare_table(*columns: str, right: Collection[str] = ()) -> Table:
    """An empty table without lines; long cells are folded, columns in ``right`` hold numbers."""
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return table


def article_line(row: JsonRow) -> Text:
    """An article's id and headline; its address if it has no headline."""
    return Text.assemble((f"{row['id']:>6}  ", "cyan"), (row["headline"] or row["url"], "bold"))


def marked(text: str, mentions: Iterable[JsonRow], style: str = "") -> Text:
    """The text of a field with its mentions marked."""
    shown = Text(text, style=style)
    for mention in mentions:
        shown.stylize(MARK, mention["start"], mention["end"])
    return shown


def concept_lines(mentions: Iterable[JsonRow]) -> list[Text]:
    """One line per concept with the words found for it, each word once."""
    words: dict[str, dict[str, None]] = {}
    for mention in mentions:
        words.setdefault(mention["concept"] or "words", {})[mention["text"]] = None
    return [Text(f"  {concept}: {' · '.join(found)}") for concept, found in words.items()]


def taken_away_lines(mentions: Sequence[JsonRow], indent: int = 2) -> list[Text]:
    """One line per text that did not count and the reason, each pair once."""
    pairs = dict.fromkeys((m["text"], m["reason"]) for m in mentions)
    return [
        Text(f"{' ' * indent}not counted: {text} ({reason})", style="dim") for text, reason in pairs
    ]


MAX_QUOTE = 160  # characters of the sentence behind a line of evidence


def evidence_lines(rows: Iterable[JsonRow], indent: int = 4) -> list[Text]:
    """One line per line of a scorecard that holds: its points, its name, and where it holds."""
    lines = []
    for row in rows:
        line = Text(f"{' ' * indent}{row['points']:+4d}  {row['name']}")
        if quoted := row.get("sentence"):
            cut = quoted if len(quoted) <= MAX_QUOTE else f"{quoted[:MAX_QUOTE]}…"
            line.append(f"  {row['field']}: «{' '.join(cut.split())}»", style="dim")
        lines.append(line)
    return lines
