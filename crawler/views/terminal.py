"""What views have in common on a terminal: bare tables, marked words, proof in a line. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from crawler.foreign_text import one_line
from crawler.views.fields import JsonRow

MAX_SNIPPET = 240  # characters of a sentence: three lines
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


def snippet(row: JsonRow) -> Text:
    """The sentence that answers a search with the words that do marked: of a long one what stands
    around the first of them."""
    first, sentence = row["mentions"][0], row["sentence"]
    text = row[first["field"]]
    start = text.rfind(sentence, 0, first["start"] + len(sentence))
    shown = marked(text, [m for m in row["mentions"] if m["field"] == first["field"]])
    begin, end = start, start + len(sentence)
    if len(sentence) > MAX_SNIPPET:
        begin = max(start, _word_start(text, first["start"] - MAX_SNIPPET // 3))
        end = min(end, _word_start(text, begin + MAX_SNIPPET))
    cut = shown[begin:end]
    cut.rstrip()
    before, behind = begin > start, end < start + len(sentence)
    return Text.assemble("… " if before else "", cut, " …" if behind else "")


def _word_start(text: str, at: int) -> int:
    """Where the word begins in which the offset lies."""
    return max(text.rfind(" ", 0, max(at, 0)), text.rfind("\n", 0, max(at, 0))) + 1


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
