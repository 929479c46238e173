"""Patterns of paths, and the texts that are never touched."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.audit import digest

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.IGNORECASE)


@dataclass(frozen=True)
class PathPatterns:
    """Patterns as in ``.gitignore``, relative to ``folder``; outside of it they are held against the whole path.

    >>> patterns = PathPatterns(("drafts/", "*.min.md"), Path("site"))
    >>> patterns.match("site/a/drafts/b.txt"), patterns.match("site/a.min.md"), patterns.match("site/a.md")
    (True, True, False)
    """

    patterns: tuple[str, ...] = ()
    folder: Path = Path()

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec  # noqa: PLC0415 - few runs need it

        return GitIgnoreSpec.from_lines(self.patterns)

    def match(self, path: str | os.PathLike[str]) -> bool:
        """Whether one of the patterns holds for the path; ``!`` takes back what an earlier one held for."""
        return bool(self.patterns) and self._spec.match_file(self._seen(Path(os.path.abspath(path))))

    def _seen(self, path: Path) -> str:
        folder = Path(os.path.abspath(self.folder))
        inside = path.relative_to(folder) if path.is_relative_to(folder) else path.relative_to(path.anchor)
        return inside.as_posix()


@dataclass(frozen=True)
class Untouched:
    """Texts that come out as they are, told by the path of their file, by file and record, or by SHA-256.

    A digest is that of the text, as an audit has it, or of the file.

    >>> never = Untouched.of(["letters/", "rows.jsonl:3", "sha256:" + digest("It rained.")])
    >>> never.holds("letters/1.txt", 0, "A", b"A"), never.holds("rows.jsonl", 3, "A", b"")
    (True, True)
    >>> never.holds("c.txt", 0, "It rained.", b""), never.holds("c.txt", 1, "It rains.", b"")
    (True, False)
    """

    paths: PathPatterns = PathPatterns()
    digests: frozenset[str] = frozenset()

    @classmethod
    def of(cls, listed: Iterable[str], folder: Path = Path()) -> Untouched:
        """From paths and digests as users write them; paths are relative to ``folder``."""
        listed = tuple(listed)
        digests = frozenset(found[1].lower() for one in listed if (found := _DIGEST.fullmatch(one)))
        return cls(PathPatterns(tuple(one for one in listed if not _DIGEST.fullmatch(one)), folder), digests)

    def __bool__(self) -> bool:
        return bool(self.paths.patterns or self.digests)

    def holds(self, path: str, record: int, text: str, raw: bytes) -> bool:
        """Whether the text of a record, which reads ``raw`` in its file, is one of them."""
        if self.paths.match(path) or (record and self.paths.match(f"{path}:{record}")):
            return True
        if not self.digests:
            return False
        return digest(text) in self.digests or (not record and hashlib.sha256(raw).hexdigest() in self.digests)
