"""The reference pages that follow from the code: configuration and command line.

``python -m tests.docs_reference`` writes both; ``test_docs`` fails while a page differs from the
code. The text comes from where it is used: ``Field(description=…)`` of a key, ``help`` of an
option.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from crawler.cli.examples import EXAMPLES
from crawler.cli.main import commands
from crawler.config import Config

PROJECT = Path(__file__).resolve().parents[1]
REFERENCE = PROJECT / "docs" / "reference"
GENERATED = (
    "<!-- Written by `python -m tests.docs_reference`; edit the code it describes instead. -->"
)
TYPES: dict[Any, str] = {
    bool: "true or false", dict[str, str]: "table of texts", float: "number", int: "whole number",
    Path: "path", str: "text",
}  # fmt: skip
BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
EVERYWHERE = frozenset({"--help", "--install-completion", "--show-completion"})  # said once

CONFIGURATION = f"""{GENERATED}

# Configuration

rasd reads `rasd.toml` in the current folder (or the file named by `--config` or `RASD_CONFIG`),
then systemd credentials (`archive`, `smtp.password`), then `RASD_*` in the environment, which wins.
Every key may be left out. An unknown key or name, or a value that can't be used, ends the start with
exit code 78 and names the key. Relative paths begin in the folder of the file, those of the
environment in the current folder. `rasd config` shows what holds;
[configure](../how-to/configure.md) says how to go about it.

In the environment a table and its key are joined by two underscores: `RASD_SMTP__HOST=…`. Lists
and tables are written as JSON there: `RASD_NETWORK__ALLOW='["192.0.2.7/32:8081"]'`."""

COMMAND_LINE = f"""{GENERATED}

# Command line

Every command takes `--help`. Commands that read take `--json`: one JSON document instead of a
table. `rasd --install-completion` sets up completion for your shell. What a command's exit code
means is in [exit codes](exit-codes.md)."""


LOG_LINES = f"""{GENERATED.replace("the code it describes", "log-line.schema.json")}

# Log lines

What `rasd run` and `rasd poll` write to stderr with `log.format = "json"`, a line each; the schema is
[log-line.schema.json](log-line.schema.json) (JSON Schema, draft 2020-12). What to do about a line:
[read the logs](../how-to/read-the-logs.md).

The keys of a line always stand in the order in which they stand here. New events and new keys may
come with a new version; what an event's key means doesn't change."""


def pages_by_name() -> dict[str, Callable[[], str]]:
    """The generated pages, each with what writes it."""
    return {
        "command-line.md": command_line,
        "configuration.md": configuration,
        "log-lines.md": log_lines,
    }


# ── log lines ─────────────────────────────────────────────────────────────────────────────────


def log_schema() -> dict[str, Any]:
    """The JSON Schema of a log line."""
    loaded: dict[str, Any] = json.loads((REFERENCE / "log-line.schema.json").read_text("utf-8"))
    return loaded


def log_lines() -> str:
    """Every key and every event of the log, as its schema has them."""
    schema = log_schema()
    keys, events = schema["properties"], [e for e in schema["$defs"].values() if "title" in e]
    common = [key for key in keys if key in (*schema["required"], "logger", "exception")]
    rows = [
        f"| `{event['title']}` | {', '.join(event['properties']['level']['enum'])} | "
        f"{_keys_of(event, common)} | {event['description']} |"
        for event in sorted(events, key=lambda event: str(event["title"]).lower())
    ]
    described = [f"| `{key}` | {keys[key]['description']} |" for key in keys]
    own = [row for key, row in zip(keys, described, strict=True) if key not in common]
    of_all = [row for key, row in zip(keys, described, strict=True) if key in common]
    parts = [
        LOG_LINES,
        "## Every line",
        "`timestamp`, `level` and `event` stand in every line.",
        "\n".join(("| Key | Meaning |", "| --- | --- |", *of_all)),
        "## Events of rasd",
        "A key in brackets stands only in some lines.",
        "\n".join(("| Event | Level | Keys | Meaning |", "| --- | --- | --- | --- |", *rows)),
        "## Keys of events",
        "\n".join(("| Key | Meaning |", "| --- | --- |", *own)),
    ]
    return "\n\n".join(parts) + "\n"


def _keys_of(event: Mapping[str, Any], common: Collection[str]) -> str:
    named = [key for key in event["propertyNames"]["enum"] if key not in common]
    required = event.get("required", ())
    return " ".join(f"`{key}`" if key in required else f"(`{key}`)" for key in named)


# ── configuration ─────────────────────────────────────────────────────────────────────────────


def configuration() -> str:
    """Every key of ``Config``, a section for each table."""
    plain = {name: f for name, f in Config.model_fields.items() if _table_of(f) is None}
    parts = [CONFIGURATION, "## Top level", _keys("", plain)]
    for name, field in Config.model_fields.items():
        if (table := _table_of(field)) is None:
            continue
        title = f"[[{name}]]" if get_origin(field.annotation) is tuple else f"[{name}]"
        parts += [f"## {title}", _one_line(table.__doc__), _keys(f"{name}.", table.model_fields)]
    return "\n\n".join(parts) + "\n"


def _table_of(field: FieldInfo) -> type[BaseModel] | None:
    """The model of a key that is a table, or a list of tables; None for a plain key."""
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def _keys(table: str, fields: dict[str, FieldInfo]) -> str:
    rows = [
        (f"`{name}`", _type(field), _default(field), _described(f"{table}{name}", field))
        for name, field in fields.items()
    ]
    return _table(("Key", "Type", "Default", "Meaning"), rows)


def _described(key: str, field: FieldInfo) -> str:
    if not field.description:
        raise ValueError(f"crawler/config/settings.py: {key} has no Field(description=…)")
    return field.description


def _type(field: FieldInfo) -> str:
    bounds = [
        f"{words} {_number(getattr(limit, sign))}"
        for limit in field.metadata
        for sign, words in BOUNDS.items()
        if hasattr(limit, sign)
    ]
    return ", ".join([_named(field.annotation), *bounds])


def _named(kind: Any) -> str:
    arguments = get_args(kind)
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in arguments)
    if get_origin(kind) is tuple:
        return "list of texts"
    return TYPES.get(kind) or next(TYPES[one] for one in arguments if one in TYPES)


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory is not None:
        return "computed"
    if field.default is None:
        return "not set"
    return "empty" if field.default in ("", (), {}) else f"`{_toml(field.default)}`"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value:_}"


# ── command line ──────────────────────────────────────────────────────────────────────────────


def command_line() -> str:
    """Every command, in the order of ``rasd --help``, with its arguments and options."""
    root = typer.main.get_command(commands)
    context = root.make_context("rasd", [], resilient_parsing=True)
    named = list(verbs())
    contents = [
        (f"[`{' '.join(path)}`](#{'-'.join(path)})", _first(verb)) for path, verb, _ in named
    ]
    parts = [COMMAND_LINE, "## Before the command", _options(root, context)]
    parts += ["## Commands", _table(("Command", "What it does"), contents)]
    for path, verb, own in named:
        usage = " ".join((*path, *verb.collect_usage_pieces(own)))
        parts += [f"### {' '.join(path)}", f"`{usage}`", *_paragraphs(verb), _options(verb, own)]
        lines = EXAMPLES[" ".join(path[1:])]
        parts.append("\n".join(("```sh", *lines, "```")))
    return "\n\n".join(filter(None, parts)) + "\n"


def verbs() -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Each command that does something: the words that call it, itself, its context."""
    root = typer.main.get_command(commands)
    yield from _below(("rasd",), root, root.make_context("rasd", [], resilient_parsing=True))


def _below(
    path: tuple[str, ...], group: Any, context: Any
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    for name in group.list_commands(context):
        verb = group.get_command(context, name)
        own = verb.context_class(verb, info_name=name, parent=context)
        if hasattr(verb, "list_commands"):
            yield from _below((*path, name), verb, own)
        else:
            yield (*path, name), verb, own


def _first(verb: Any) -> str:
    return _paragraphs(verb)[0]


def _paragraphs(verb: Any) -> list[str]:
    return [_one_line(paragraph) for paragraph in (verb.help or "").split("\n\n")]


def _options(verb: Any, context: Any) -> str:
    shown = [p for p in verb.get_params(context) if not EVERYWHERE.intersection(p.opts)]
    records = [record for p in shown if (record := p.get_help_record(context)) is not None]
    rows = [(f"`{names}`", said) for names, said in records]
    return _table(("Argument or option", "Meaning"), rows) if rows else ""


# ── tables ────────────────────────────────────────────────────────────────────────────────────


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


if __name__ == "__main__":
    for page, text in pages_by_name().items():
        (REFERENCE / page).write_text(text(), encoding="utf-8")
