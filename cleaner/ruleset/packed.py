"""The shipped rules as one JSON file, so that their TOML is parsed once and not at every start.

A wheel holds it; for what is not installed from one it lies in the user's cache. The file says the
digest of all it was made from, rule files and the code that reads them, so that a stale one is never
read. It is plain data, checked by a digest of its own, and taken only from the package itself and from a
folder that nobody but the user may write to. Where there is none, and none can be written, the rules are
read from their TOML every time; nothing else differs.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, fields
from functools import cache, partial
from pathlib import Path
from typing import Any

from cleaner.kinds import KINDS
from cleaner.markup import Markup
from cleaner.pattern import Pattern
from cleaner.rule import SAID_LATER, Example, Rule

# Of other versions and other installs so many files stay.
_KEPT = 4
_PREFIX = "rules-"
_PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class Packed:
    """Rules, and the digests of the sets that they make, by name."""

    rules: tuple[Rule[Any], ...]
    digests: Mapping[str, str]


def pack(packed: Packed) -> bytes:
    """Rules as two lines of JSON: what cleaning asks for, and what it does not.

    >>> rule = Rule("a", "line", "legal", "safe", "Why.", KINDS["line"].fields(Pattern("a+")), keywords=("aa",))
    >>> unpack(pack(Packed((rule,), {"safe": "1f"}))) == Packed((rule,), {"safe": "1f"})
    True
    """
    first = {"digests": dict(packed.digests), "rules": [_said_at_once(rule) for rule in packed.rules]}
    return b"\n".join(_as_json(line) for line in (first, [_said_later(rule) for rule in packed.rules]))


def _as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# By the fields of the class: whatever a rule may say one day is packed as well.
_AT_ONCE = tuple(f.name for f in fields(Rule) if f.name not in (*SAID_LATER, "fields"))
_LATER = tuple(name for name in SAID_LATER if name != "examples")


def _said_at_once(rule: Rule[Any]) -> list[Any]:
    values = (getattr(rule.fields, f.name) for f in fields(rule.fields))
    own = [{_PATTERN: value.source} if isinstance(value, Pattern) else value for value in values]
    return [own, *(getattr(rule, name) for name in _AT_ONCE)]


def _said_later(rule: Rule[Any]) -> list[Any]:
    examples = [[e.text, e.left, [m and astuple(m) for m in e.markup]] for e in rule.examples]
    return [examples, *(getattr(rule, name) for name in _LATER)]


def unpack(packed: bytes) -> Packed:
    """The rules that :func:`pack` made JSON of. What is said later is read when the first rule is asked for it."""
    first, _, rest = packed.partition(b"\n")
    told = json.loads(first)
    later = cache(lambda: json.loads(rest))
    return Packed(
        tuple(_unpacked(rule, partial(_told_later, later, number)) for number, rule in enumerate(told["rules"])),
        told["digests"],
    )


def _unpacked(told: Sequence[Any], later: Callable[[], Mapping[str, Any]]) -> Rule[Any]:
    own, *values = told
    said = dict(zip(_AT_ONCE, _frozen_all(values), strict=True))
    said["fields"] = KINDS[said["kind"]].fields(*_frozen_all(own))
    return Rule.saying_later(said, later)


def _told_later(later: Callable[[], Sequence[Any]], number: int) -> dict[str, Any]:
    examples, *values = later()[number]
    said = dict(zip(_LATER, _frozen_all(values), strict=True))
    said["examples"] = tuple(
        Example(text, left, tuple(m and Markup(*m) for m in markup)) for text, left, markup in examples
    )
    return said


def _frozen_all(values: Iterable[Any]) -> tuple[Any, ...]:
    # Nearly all are strings, and there are tens of thousands of them.
    return tuple([value if value.__class__ is str else _frozen(value) for value in values])


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return _frozen_all(value)
    return Pattern(value[_PATTERN]) if isinstance(value, dict) else value


def stored(made_from: str) -> Packed | None:
    """The rules that were stored under a digest of their sources; None where there are none to be trusted."""
    folder = _cache()
    if folder is None:
        return None
    try:
        with (folder / f"{_PREFIX}{made_from}.json").open("rb") as file:
            if not _is_own(os.fstat(file.fileno())):
                return None
            return read_packed(file.read(), made_from)
    except OSError:
        return None


def read_packed(content: bytes, made_from: str) -> Packed | None:
    """The rules in a file, if they were made from what has that digest, and the file is whole."""
    head, _, packed = content.partition(b"\n")
    return unpack(packed) if head == _head(packed, made_from) else None


def written(rules: Packed, made_from: str) -> bytes:
    """The content of a file of rules that were made from what has that digest."""
    packed = pack(rules)
    return _head(packed, made_from) + b"\n" + packed


def _head(packed: bytes, made_from: str) -> bytes:
    return f"{made_from} {hashlib.sha256(packed).hexdigest()}".encode()


def store(made_from: str, rules: Packed) -> None:
    """Store rules under the digest of their sources, if that can be done."""
    folder = _cache(make=True)
    if folder is None:
        return
    import tempfile  # noqa: PLC0415 - needed once for each version

    content = written(rules, made_from)
    with suppress(OSError):
        handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            # In one step: whoever reads meanwhile sees the whole file or none.
            os.replace(name, folder / f"{_PREFIX}{made_from}.json")
        except OSError:
            os.unlink(name)
            return
        _forget_old(folder)


def _forget_old(folder: Path) -> None:
    files = sorted(folder.glob(f"{_PREFIX}*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[_KEPT:]:
        file.unlink(missing_ok=True)


def _cache(*, make: bool = False) -> Path | None:
    """The folder in the user's cache; None where there is none, or others may write to it."""
    with suppress(OSError, RuntimeError):
        folder = _user_cache() / "article-cleaner"
        if make:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_own(folder.stat()):
            return folder
    return None


def _user_cache() -> Path:
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    if os.path.isabs(named):
        return Path(named)
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")


def _is_own(status: os.stat_result) -> bool:
    """Whether it is the user's, and nobody else may write to it; Windows keeps others out of a profile by itself."""
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
