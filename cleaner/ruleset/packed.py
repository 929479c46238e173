"""The shipped rules as one JSON file in the user's cache, so that their TOML is parsed once and not at every start.

The file is named for a digest of all it was made from, rule files and the code that reads them, so
that a stale one is never read. It is plain data, checked by a digest of its own, and taken only
from a folder that nobody but the user may write to. Where there is no such folder, or it cannot be
written, the rules are read from their TOML every time; nothing else differs.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from cleaner.kinds import KINDS
from cleaner.markup import Markup
from cleaner.pattern import Pattern
from cleaner.rule import Example, Rule

# Of other versions and other installs so many files stay.
_KEPT = 4
_PREFIX = "rules-"
_PATTERN = "pattern"


def pack(rules: Iterable[Rule[Any]]) -> bytes:
    """Rules as JSON.

    >>> rule = Rule("a", "line", "legal", "safe", "Why.", KINDS["line"].fields(Pattern("a+")), keywords=("aa",))
    >>> unpack(pack([rule])) == (rule,)
    True
    """
    return json.dumps([_packed(rule) for rule in rules], ensure_ascii=False, separators=(",", ":")).encode()


def _packed(rule: Rule[Any]) -> dict[str, Any]:
    """What the rule says, by the names of what says it: whatever a rule may say one day is packed as well."""
    packed = {f.name: getattr(rule, f.name) for f in fields(rule)}
    packed["fields"] = {
        f.name: {_PATTERN: value.source} if isinstance(value, Pattern) else value
        for f in fields(rule.fields)
        for value in [getattr(rule.fields, f.name)]
    }
    packed["examples"] = [[e.text, e.left, [m and astuple(m) for m in e.markup]] for e in rule.examples]
    return packed


def unpack(packed: bytes) -> tuple[Rule[Any], ...]:
    """The rules that :func:`pack` made JSON of."""
    return tuple(map(_unpacked, json.loads(packed)))


def _unpacked(packed: Mapping[str, Any]) -> Rule[Any]:
    said = {name: _frozen(value) for name, value in packed.items() if name not in ("fields", "examples")}
    own = {name: _frozen(value) for name, value in packed["fields"].items()}
    examples = tuple(
        Example(text, left, tuple(m and Markup(*m) for m in markup)) for text, left, markup in packed["examples"]
    )
    return Rule(**said, fields=KINDS[said["kind"]].fields(**own), examples=examples)


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return Pattern(value[_PATTERN])
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def stored(made_from: str) -> tuple[Rule[Any], ...] | None:
    """The rules that were stored under a digest of their sources; None where there are none to be trusted."""
    folder = _cache()
    if folder is None:
        return None
    try:
        with (folder / f"{_PREFIX}{made_from}.json").open("rb") as file:
            if not _is_own(os.fstat(file.fileno())):
                return None
            digest, _, packed = file.read().partition(b"\n")
    except OSError:
        return None
    return unpack(packed) if digest == _digest(packed) else None


def store(made_from: str, rules: Iterable[Rule[Any]]) -> None:
    """Store rules under the digest of their sources, if that can be done."""
    folder = _cache(make=True)
    if folder is None:
        return
    packed = pack(rules)
    with suppress(OSError):
        handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_digest(packed) + b"\n" + packed)
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


def _digest(packed: bytes) -> bytes:
    return hashlib.sha256(packed).hexdigest().encode()


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
