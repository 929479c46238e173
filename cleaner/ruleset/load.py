"""Names and files to the rules in force.

A rule set is the name of a shipped set (``safe``, ``standard``, ``aggressive``, ``page``), a rule
file, or a folder. The first three hold the stable rules for articles up to their level; ``page`` holds those for
the text of whole pages, and is used beside one of them. A user's file runs all its rules. A folder is laid out as
the shipped rules are, such as those of another release: of it the stable rules up to level ``standard`` are taken.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.pattern import Pattern
from cleaner.rule import ANY_LANGUAGE, CATEGORIES, FORMAT, LEVELS, Rule
from cleaner.ruleset import packed
from cleaner.ruleset.error import RuleError, did_you_mean

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from cleaner.ruleset.read import RuleFile

PAGE_SET = "page"
SHIPPED_SETS = (*LEVELS, PAGE_SET)
IN_WHEEL = "packed.json"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in force, in the order in which they are tried, and a digest that names them.

    The digest is the SHA-256, in hexadecimal, of all that decides what the rules remove:
    reasons, examples and file names do not count.
    """

    rules: tuple[Rule[Any], ...]
    digest: str


def load(rules: str | Path | Iterable[str | Path] = "standard", *, disable: Iterable[str] = ()) -> RuleSet:
    """Put together the named sets and files, without the ids and categories in ``disable``.

    Raises :class:`RuleError`: unknown set, file that cannot be read, any mistake in a file, one
    id in two places, or a name to disable that no rule and no category has.

    >>> len(load("safe").rules) < len(load("standard").rules)
    True
    """
    names = [rules] if isinstance(rules, (str, Path)) else list(rules)
    if not names:
        raise RuleError(f"no rule set given; name one of {', '.join(SHIPPED_SETS)} or a rule file")
    found: dict[str, Rule[Any]] = {}
    for name in names:
        for rule in _named(name, ()):
            _take(found, rule)
    disabled = tuple(disable)
    ordered = _in_order(_without(found.values(), disabled, source=""))
    known = (
        shipped().digests.get(str(names[0])) if len(names) == 1 and isinstance(names[0], str) and not disabled else None
    )
    return RuleSet(ordered, known or _digest(ordered))


def _in_order(rules: Iterable[Rule[Any]]) -> tuple[Rule[Any], ...]:
    return tuple(sorted(rules, key=lambda rule: (LEVELS.index(rule.level), rule.id)))


def _take(found: dict[str, Rule[Any]], rule: Rule[Any]) -> None:
    known = found.setdefault(rule.id, rule)
    if known is not rule and known != rule:
        raise RuleError(f"the id is used in {known.source} too; ids are never reused", file=rule.source, rule=rule.id)


def _named(name: str | Path, path_in: tuple[Path, ...]) -> Iterator[Rule[Any]]:
    """The rules of a shipped set or a file; ``path_in`` are the files that include it."""
    if isinstance(name, str) and name in SHIPPED_SETS:
        yield from _in_set(shipped_rules(), name)
        return
    base = path_in[-1].parent if path_in else Path()
    path = base / name
    if path.is_dir():
        yield from _of_folder(path)
        return
    if isinstance(name, str) and not name.endswith(".toml") and not path.is_file():
        sets = ", ".join(SHIPPED_SETS)
        problem = f"unknown rule set {name!r}; the shipped sets are {sets}; a rule file ends in .toml"
        raise RuleError(problem + did_you_mean(name, SHIPPED_SETS), file=str(path_in[-1]) if path_in else "")
    yield from _of_file(path, path_in)


def _in_set(rules: Iterable[Rule[Any]], name: str) -> Iterator[Rule[Any]]:
    """The rules of the shipped set of that name."""
    return (rule for rule in rules if rule.status == "stable" and _is_in_set(rule, name))


def _is_in_set(rule: Rule[Any], name: str) -> bool:
    if rule.source.startswith(f"rules/{PAGE_SET}/"):
        return name == PAGE_SET
    return name != PAGE_SET and LEVELS.index(rule.level) <= LEVELS.index(name)


def _of_folder(folder: Path) -> Iterator[Rule[Any]]:
    """The rules of a folder of languages with a file for each category, as those in the package."""
    files = sorted(folder.glob("*/*.toml"))
    if not files:
        raise RuleError("a folder of rules has them in LANGUAGE/CATEGORY.toml, and there are none", file=str(folder))
    from cleaner.ruleset.read import read_rule_file  # noqa: PLC0415 - shipped rules are not read from their files

    for path in files:
        lang = path.parent.name
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise RuleError(f"cannot be read: {error}", file=str(path)) from None
        rules = read_rule_file(text, source=str(path), category=path.stem, lang=lang).rules if lang != PAGE_SET else ()
        yield from (r for r in rules if r.status == "stable" and LEVELS.index(r.level) <= LEVELS.index("standard"))


def _of_file(path: Path, path_in: tuple[Path, ...]) -> Iterator[Rule[Any]]:
    resolved = path.resolve()
    if resolved in (p.resolve() for p in path_in):
        chain = " includes ".join(map(str, [*path_in, path]))
        raise RuleError(f"rule files include each other: {chain}", file=str(path_in[0]))
    file = _read(path, included_by=str(path_in[-1]) if path_in else "")
    rules: dict[str, Rule[Any]] = {}
    for rule in file.rules:
        if rule.id in rules:
            raise RuleError("the id is used twice in this file; ids are never reused", file=str(path), rule=rule.id)
        rules[rule.id] = rule
    for included in file.include:
        for rule in _named(included, (*path_in, path)):
            _take(rules, rule)
    yield from _without(rules.values(), file.disable, source=str(path))


def _read(path: Path, *, included_by: str) -> RuleFile:
    from cleaner.ruleset.read import read_rule_file  # noqa: PLC0415 - the shipped rules come packed

    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleError(f"not UTF-8: bad byte at offset {error.start}; rule files are UTF-8", file=str(path)) from None
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        if included_by:
            raise RuleError(f"{path} {problem}", file=included_by, key="include") from None
        raise RuleError(problem, file=str(path)) from None
    return read_rule_file(text, source=str(path))


def _without(rules: Iterable[Rule[Any]], disable: Sequence[str], *, source: str) -> list[Rule[Any]]:
    rules = list(rules)
    if not disable:
        return rules
    known = {rule.id for rule in rules} | {rule.id for rule in shipped_rules()} | set(CATEGORIES)
    for name in disable:
        if name not in known:
            problem = f"{name!r} is no rule and no category{did_you_mean(name, known)}"
            raise RuleError(problem, file=source, key="disable")
    return [rule for rule in rules if rule.id not in disable and rule.category not in disable]


@cache
def shipped_rules(*, trusted: bool = True) -> tuple[Rule[Any], ...]:
    """All rules in the package, of every level and status, by language and category.

    Those in the folder ``page`` are the rule set of that name, for any language.

    They are read from inside the package, so a wheel, an editable install and a zip archive
    give the same. ``trusted=False`` runs all checks on them; trusted ones are parsed once and then
    come from :mod:`cleaner.ruleset.packed`.
    """
    return shipped().rules if trusted else _read_shipped(_shipped_files(), trusted=False)


@cache
def shipped() -> packed.Packed:
    """The rules in the package, and the digests of the sets that they make."""
    sources = list(_shipped_files())
    made_from = _digest_of_sources(sources)
    with suppress(OSError):
        found = packed.read_packed(_package().joinpath("rules", IN_WHEEL).read_bytes(), made_from)
        if found is not None:
            return found
    found = packed.stored(made_from)
    if found is None:
        found = _packed(sources)
        packed.store(made_from, found)
    return found


def for_wheel() -> bytes:
    """What a wheel holds as ``rules/packed.json``, so that the rules need not be parsed where it is installed."""
    sources = list(_shipped_files())
    return packed.written(_packed(sources), _digest_of_sources(sources))


def _packed(sources: Sequence[tuple[str, str, bytes]]) -> packed.Packed:
    rules = _read_shipped(sources, trusted=True)
    return packed.Packed(rules, {name: _digest(_in_set(rules, name)) for name in SHIPPED_SETS})


def _read_shipped(sources: Iterable[tuple[str, str, bytes]], *, trusted: bool) -> tuple[Rule[Any], ...]:
    from cleaner.ruleset.read import read_rule_file  # noqa: PLC0415 - needed once for each version

    found: dict[str, Rule[Any]] = {}
    for folder, name, content in sources:
        category = name.removesuffix(".toml")
        source = f"rules/{folder}/{name}"
        lang = ANY_LANGUAGE if folder == PAGE_SET else folder
        text = content.decode("utf-8").replace("\r\n", "\n")
        for rule in read_rule_file(text, source=source, category=category, lang=lang, trusted=trusted).rules:
            if rule.id in found:
                problem = f"the id is used in {found[rule.id].source} too; ids are never reused"
                raise RuleError(problem, file=source, rule=rule.id)
            found[rule.id] = rule
    return tuple(found.values())


def _digest_of_sources(sources: Iterable[tuple[str, str, bytes]]) -> str:
    """A digest of the rule files and of the code that makes rules of them."""
    digest = hashlib.sha256()
    package = _package()
    code = [("", name, package.joinpath(name).read_bytes()) for name in ("markup.py", "rule.py")]
    code += [part for folder in ("kinds", "ruleset") for part in _files_in(package.joinpath(folder), ".py")]
    for folder, name, content in (*sources, *code):
        digest.update(f"{folder}/{name}/{len(content)}/".encode() + content)
    return digest.hexdigest()


def _shipped_files() -> Iterator[tuple[str, str, bytes]]:
    """Each rule file: its folder, its name, what it holds."""
    for folder in sorted(_package().joinpath("rules").iterdir(), key=lambda entry: entry.name):
        if "." not in folder.name:
            yield from _files_in(folder, ".toml")


def _files_in(folder: Path | Traversable, suffix: str) -> Iterator[tuple[str, str, bytes]]:
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(suffix):
            yield folder.name, file.name, file.read_bytes()


def _package() -> Path | Traversable:
    """The folder of this package, wherever it lies: in a zip archive it is found by other means, which load slowly."""
    plain = Path(__file__).parent.parent
    if plain.is_dir():
        return plain
    from importlib.resources import files  # noqa: PLC0415

    return files("cleaner")


def _digest(rules: Iterable[Rule[Any]]) -> str:
    deciding = [
        [r.id, r.kind, r.category, r.level, r.lang, sorted(r.keywords), _plain_fields(r.fields)]
        for r in sorted(rules, key=lambda rule: rule.id)
    ]
    canonical = json.dumps([FORMAT, deciding], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain_fields(values: Any) -> list[Any]:
    plain = []
    for f in fields(values):
        value = getattr(values, f.name)
        plain.append([f.name, value.source if isinstance(value, Pattern) else value])
    return plain
