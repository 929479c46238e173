"""The audit of a run: what was removed from which document, as JSON lines.

One row for each document that changed or was flagged, with the digest of the rules in force and
the SHA-256 of the text before and after. It holds all that :func:`cleaner.restore` needs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.cleaner import Result
from cleaner.removal import Removed, restore

AUDIT_FORMAT = 1


class AuditError(ValueError):
    """An audit that cannot be read, or that does not fit the text that is to be restored."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """The removals of one document.

    ``path`` is the input, ``output`` what was written, ``record`` the number of the record in it
    (0 for a file that is one text). ``raw`` holds, for each removal, how its text was written in
    the record where that differs from the text itself; ``written``, how the whole text was
    written, where pieces put back would not lead there.
    """

    path: str
    output: str
    record: int
    rules_digest: str
    before: str
    after: str
    flags: tuple[str, ...]
    removed: tuple[Removed, ...]
    raw: tuple[str | None, ...]
    written: str | None = None

    def as_json(self) -> str:
        """The row as one line of JSON, in ASCII."""
        removals = [
            {"start": r.start, "end": r.end, "rule": r.rule_id, "text": r.text} | ({} if raw is None else {"raw": raw})
            for r, raw in zip(self.removed, self.raw, strict=True)
        ]
        row = {
            "audit": AUDIT_FORMAT,
            "path": self.path,
            "output": self.output,
            "record": self.record,
            "rules_digest": self.rules_digest,
            "before": self.before,
            "after": self.after,
            "flags": list(self.flags),
            "removals": removals,
        } | ({} if self.written is None else {"written": self.written})
        return json.dumps(row)

    def restored(self, text: str) -> str:
        """The input again. Raises :class:`AuditError` unless ``text`` is what the run left, digest and all."""
        if digest(text) != self.after:
            raise AuditError("was changed since it was cleaned: its digest is not the one in the audit")
        try:
            before = restore(text, self.removed)
        except ValueError as error:
            raise AuditError(f"the audit does not fit: {error}") from None
        if digest(before) != self.before:
            raise AuditError("the restored text does not have the digest of the input: the audit was edited")
        return before

    def insertions(self) -> list[tuple[int, str]]:
        """Raw pieces with the offsets of the cleaned text at which they go back in."""
        pieces, gone = [], 0
        for r, raw in zip(self.removed, self.raw, strict=True):
            pieces.append((r.start - gone, r.text if raw is None else raw))
            gone += r.end - r.start
        return pieces


def digest(text: str) -> str:
    """The SHA-256 of a text's UTF-8 bytes, in hexadecimal; lone surrogates included."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def audit_row(
    result: Result, *, path: str, output: str, record: int, raw: Sequence[str | None], written: str | None = None
) -> AuditRow:
    """The row for one cleaned document."""
    return AuditRow(
        path=path,
        output=output,
        record=record,
        rules_digest=result.rules_digest,
        before=digest(result.source),
        after=digest(result.text),
        flags=result.flags,
        removed=result.removed,
        raw=tuple(raw),
        written=written,
    )


def read_row(line: bytes, *, place: str) -> AuditRow:
    """The row that a line of an audit holds. Raises :class:`AuditError` that names ``place``, its file and number."""
    try:
        return _row(json.loads(line))
    except AuditError as error:
        raise AuditError(f"{place}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AuditError(f"{place}: not a row of an audit") from None


def _row(row: Mapping[str, Any]) -> AuditRow:
    if row["audit"] != AUDIT_FORMAT:
        raise AuditError(f"audit format {row['audit']!r} is not the one this version reads ({AUDIT_FORMAT})")
    removals = row["removals"]
    return AuditRow(
        path=row["path"],
        output=row["output"],
        record=int(row["record"]),
        rules_digest=row["rules_digest"],
        before=row["before"],
        after=row["after"],
        flags=tuple(row["flags"]),
        removed=tuple(Removed(int(r["start"]), int(r["end"]), r["rule"], r["text"]) for r in removals),
        raw=tuple(r.get("raw") for r in removals),
        written=row.get("written"),
    )
