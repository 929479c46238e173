"""What a user has set down for all runs: ``.cleaner.toml``, or ``[tool.cleaner]`` in ``pyproject.toml``.

Found upwards from the working directory, never in the folders that are cleaned: those may be a stranger's.
Only the command line reads it, and its options win; :func:`cleaner.clean` does what its arguments say.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cleaner.ruleset import SHIPPED_SETS
from cleaner.ruleset.error import did_you_mean

OWN_FILE = ".cleaner.toml"
PROJECT_FILE = "pyproject.toml"


class ConfigurationError(ValueError):
    """A configuration that cannot be used: names the file, the key, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a file sets: its keys with their values, rule files as paths from the working directory.

    ``file`` is None where none was found; ``passed_over`` are files that lie among what is cleaned.
    """

    file: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    passed_over: tuple[Path, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder that paths in the configuration are relative to."""
        return Path() if self.file is None else self.file.parent

    def strings(self, key: str) -> tuple[str, ...]:
        """The list under a key, empty where it is not set."""
        return tuple(self.values.get(key, ()))


def find_configuration(start: Path, *, corpus: Iterable[Path] = ()) -> Configuration:
    """The configuration of the nearest folder from ``start`` upwards that has one.

    In one folder ``.cleaner.toml`` goes before ``pyproject.toml``; a ``pyproject.toml`` without ``[tool.cleaner]``
    is none. Files in or below the folders of ``corpus`` are passed over, and named.

    Raises :class:`ConfigurationError`.
    """
    strange = [folder.resolve() for folder in corpus]
    passed_over: list[Path] = []
    for path in _candidates(start.resolve()):
        table = _table(path)
        if table is None:
            continue
        if any(path.parent.is_relative_to(folder) for folder in strange):
            passed_over.append(path)
            continue
        return replace(_checked(path, table), passed_over=tuple(passed_over))
    return Configuration(passed_over=tuple(passed_over))


def read_configuration(path: Path) -> Configuration:
    """The configuration in the file; a ``pyproject.toml`` must have ``[tool.cleaner]``.

    Raises :class:`ConfigurationError`.
    """
    table = _table(path) if path.is_file() else {}
    if table is None:
        raise ConfigurationError(f"{path}: has no [tool.cleaner]")
    if not path.is_file():
        raise ConfigurationError(f"{path}: no such file")
    return _checked(path, table)


def _candidates(start: Path) -> Iterator[Path]:
    for folder in (start, *start.parents):
        for name in (OWN_FILE, PROJECT_FILE):
            if (folder / name).is_file():
                yield folder / name


def _table(path: Path) -> dict[str, Any] | None:
    """What the file says to this program; None where it is another's."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not UTF-8: bad byte at offset {error.start}") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror or error}") from None
    if path.name == PROJECT_FILE and "cleaner" not in text:
        return None
    import tomllib  # noqa: PLC0415 - most runs have no configuration, and need not wait for it

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}; mend it, or run `cleaner --no-config`") from None
    if path.name != PROJECT_FILE:
        return data
    tool = data.get("tool")
    table = tool.get("cleaner") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigurationError(f"{path}: tool.cleaner: must be a table: write [tool.cleaner]")
    return table


def _checked(path: Path, table: Mapping[str, Any]) -> Configuration:
    shown = _from_here(path)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in KEYS:
            raise ConfigurationError(
                f"{shown}: {key}: unknown key{did_you_mean(key, KEYS)}; known are {', '.join(KEYS)}"
            )
        problem = KEYS[key](value)
        if problem:
            raise ConfigurationError(f"{shown}: {key}: {problem}")
        values[key] = float(value) if key == "max_removed" else value
    return Configuration(shown, _resolved(values, path, shown))


def _resolved(values: dict[str, Any], path: Path, shown: Path) -> dict[str, Any]:
    """The values with the files that they name: rule files found, lists read, patterns known to be such."""
    if "rules" in values:
        values["rules"] = [_rule_set(name, path, shown) for name in values["rules"]]
    if "untouched_from" in values:
        listed = _listed(path.parent / values["untouched_from"], shown)
        values["untouched"] = [*values.get("untouched", ()), *listed]
    for key in ("exclude", "untouched"):
        for pattern in values.get(key, ()):
            if not is_pattern(pattern):
                raise ConfigurationError(f"{shown}: {key}: {pattern!r} is no pattern as .gitignore has them")
    return values


def _from_here(path: Path) -> Path:
    """The path from the working directory, where there is one."""
    try:
        return Path(os.path.relpath(path))
    except ValueError:  # on another drive
        return path


def _rule_set(name: str, path: Path, shown: Path) -> str:
    """A shipped set, or the path of a rule file, which the configuration names from where it lies."""
    if name in SHIPPED_SETS:
        return name
    file = path.parent / name
    if not file.is_file():
        known = did_you_mean(name, SHIPPED_SETS) or f"; a rule file is looked for beside {path.name}"
        sets = ", ".join(SHIPPED_SETS)
        raise ConfigurationError(f"{shown}: rules: {name!r} is no shipped set ({sets}) and no file{known}")
    return str(_from_here(file))


def is_pattern(pattern: str) -> bool:
    """Whether ``.gitignore`` could hold the line.

    >>> is_pattern("drafts/*.txt"), is_pattern("!")
    (True, False)
    """
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - few runs need it

    try:
        GitIgnoreSpec.from_lines([pattern])
    except ValueError:
        return False
    return True


def _listed(path: Path, shown: Path) -> list[str]:
    """The lines of a list of texts that are never touched; ``#`` begins a remark."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or error
        raise ConfigurationError(f"{shown}: untouched_from: {path.name}: cannot be read: {problem}") from None
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


# What is wrong with a value; nothing where it is right.
Check = Callable[[object], str]


def _is_string(value: object) -> str:
    return "" if isinstance(value, str) and value else "must be a string that is not empty"


def _is_strings(value: object) -> str:
    right = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    return "" if right else 'must be a list of strings, such as ["..."]'


def _is_sets(value: object) -> str:
    return _is_strings(value) or ("" if value else 'is empty; name a rule set, such as ["standard"]')


def _is_share(value: object) -> str:
    right = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
    return "" if right else "must be a number from 0 to 1"


def _is_number(value: object) -> str:
    return "" if type(value) is int and value >= 1 else "must be a whole number from 1 on"


KEYS: Mapping[str, Check] = {
    "rules": _is_sets,
    "disable": _is_strings,
    "lang": _is_string,
    "max_removed": _is_share,
    "field": _is_string,
    "html_field": _is_string,
    "site_field": _is_string,
    "encoding": _is_string,
    "jobs": _is_number,
    "exclude": _is_strings,
    "untouched": _is_strings,
    "untouched_from": _is_string,
}
