"""The manifest's bytes. They have one form only, and a seal over it: another byte is another file.

The seal finds accidents, not forgers: who can write the backup can seal it anew.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from crawler.errors import BackupRefusedError
from crawler.model import Manifest

FORMAT = 1  # of the folder; a newer one is refused
_SEAL = "seal"


def written(manifest: Manifest) -> bytes:
    """The manifest as the file holds it."""
    values = asdict(manifest) | {"made_at": manifest.made_at.isoformat(), "format": FORMAT}
    values["rows"] = dict(sorted(manifest.rows.items()))
    return _bytes(values | {_SEAL: _seal(values)})


def read(text: bytes) -> Manifest:
    """The manifest in these bytes; BackupRefusedError if they are not what was written."""
    try:
        values = json.loads(text)
        seal = values.pop(_SEAL)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise BackupRefusedError("its manifest is no manifest of rasd") from error
    if values.get("format") != FORMAT:
        raise BackupRefusedError(f"its format is {values.get('format')!r}; upgrade rasd")
    if seal != _seal(values) or _bytes(values | {_SEAL: seal}) != text:
        raise BackupRefusedError("its manifest was changed")
    return _manifest(values)


def _manifest(values: dict[str, Any]) -> Manifest:
    try:
        known = {field.name: values[field.name] for field in fields(Manifest)}
        known["made_at"] = datetime.fromisoformat(known["made_at"]).astimezone(UTC)
        known["size"] = int(known["size"])
        known["rows"] = {str(table): int(rows) for table, rows in known["rows"].items()}
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BackupRefusedError("its manifest lacks what a manifest says") from error
    return Manifest(**known)


def _seal(values: dict[str, Any]) -> str:
    return hashlib.sha256(_bytes(values)).hexdigest()


def _bytes(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=True, indent=1).encode() + b"\n"
