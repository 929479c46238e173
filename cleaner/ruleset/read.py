"""Rule files to rules: TOML, checked key by key.

Every mistake is a :class:`RuleError` that names file, line, rule and key. The rules that ship
with the package pass the same checks in the tests; at run time they are read without compiling
their patterns.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, Literal, get_args, get_origin, get_type_hints

import regex

from cleaner.kinds import KINDS, Kind
from cleaner.markdown import undress
from cleaner.markup import Markup
from cleaner.pattern import Pattern
from cleaner.rule import ANY_LANGUAGE, CATEGORIES, FORMAT, LEVELS, STATUSES, Example, Rule
from cleaner.ruleset.error import RuleError, did_you_mean
from cleaner.text import fold, split_lines

ID_FORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LANGUAGE_FORM = re.compile(r"any|[a-z]{2,3}(?:-[a-z]{2,8})?")
_RULE_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.MULTILINE)
_FILE_KEYS = ("format", "rule", "include", "disable", "lang")
_COMMON_KEYS = ("id", "kind", "category", "level", "why", "lang", "status", "allow")
_EXAMPLE_KEYS = ("remove", "keep", "example")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What a rule file says: its own rules, the sets it includes, and what it disables of them."""

    source: str
    rules: tuple[Rule[Any], ...] = ()
    include: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()


def read_rule_file(
    text: str, *, source: str, category: str | None = None, lang: str = ANY_LANGUAGE, trusted: bool = False
) -> RuleFile:
    """Read the text of a rule file.

    ``source`` is the name that errors give the file. ``category`` is what the file's rules must
    say of themselves, where its name promises one; ``lang`` their language, unless they say
    another. ``trusted`` leaves out the checks of patterns, keywords and examples.

    Raises :class:`RuleError`.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"not valid TOML: {error}", file=source) from None
    _check_file(data, source)
    starts = _line_numbers(text)
    rules = []
    for index, table in enumerate(data.get("rule", ())):
        place = _Place(source, starts[index] if index < len(starts) else 0, index)
        reader = _RuleReader(table, place, lang=data.get("lang", lang), trusted=trusted)
        rule = reader.rule()
        if category is not None and rule.category != category:
            raise reader.error("category", f"{rule.category!r}, but the file is named for {category!r}")
        rules.append(rule)
    strings = {key: tuple(data.get(key, ())) for key in ("include", "disable")}
    return RuleFile(source, tuple(rules), **strings)


def _line_numbers(text: str) -> list[int]:
    """The lines on which rules begin."""
    headers = [match.start() for match in _RULE_HEADER.finditer(text)]
    between = (text.count("\n", start, stop) for start, stop in pairwise([0, *headers]))
    return [1 + before for before in accumulate(between)]


def _check_file(data: Mapping[str, Any], source: str) -> None:
    problem = _format_problem(data)
    if problem:
        raise RuleError(problem, file=source, key="format")
    for key in data:
        if key not in _FILE_KEYS:
            raise RuleError(f"unknown key{did_you_mean(key, _FILE_KEYS)}", file=source, key=key)
    for key in ("include", "disable"):
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise RuleError("must be a list of strings", file=source, key=key)
    rules = data.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise RuleError("rules are tables: write [[rule]] above each", file=source, key="rule")
    if not _is_language(data.get("lang", ANY_LANGUAGE)):
        raise RuleError("must be a language code such as 'en', or 'any'", file=source, key="lang")


def _format_problem(data: Mapping[str, Any]) -> str:
    if "format" not in data:
        return f"missing; begin the file with `format = {FORMAT}`"
    if type(data["format"]) is not int or data["format"] < 1:
        return f"{data['format']!r} is no format number; this version reads format {FORMAT}"
    if data["format"] > FORMAT:
        return f"{data['format']} is newer than this version reads ({FORMAT}); update article-cleaner"
    return ""


def _is_language(value: object) -> bool:
    return isinstance(value, str) and LANGUAGE_FORM.fullmatch(value) is not None


@cache
def _hints(kind: str) -> dict[str, Any]:
    return get_type_hints(KINDS[kind].fields)


def _is_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


@dataclass(frozen=True, slots=True)
class _Place:
    source: str
    line: int
    index: int


@dataclass(slots=True)
class _RuleReader:
    """Reads one ``[[rule]]`` table."""

    table: dict[str, Any]
    place: _Place
    lang: str
    trusted: bool
    kind: Kind = field(init=False)

    def error(self, key: str, problem: str) -> RuleError:
        name = self.table.get("id")
        rule = name if isinstance(name, str) and name else f"number {self.place.index + 1}"
        return RuleError(problem, file=self.place.source, line=self.place.line, rule=rule, key=key)

    def rule(self) -> Rule[Any]:
        self._check_common()
        self.kind = KINDS[self.table["kind"]]
        self._check_keys()
        rule = Rule(
            **{key: self.table[key] for key in ("id", "kind", "category", "level", "why")},
            fields=self._fields(),
            lang=self.table.get("lang", self.lang),
            status=self.table.get("status", "stable"),
            keywords=self._strings("keywords"),
            remove=self._strings("remove"),
            keep=self._strings("keep"),
            examples=self._examples(),
            allow=self._allowed(),
            source=self.place.source,
            line=self.place.line,
        )
        if not self.trusted:
            self._check_patterns(rule)
            self._check_words(rule)
        return rule

    def _check_common(self) -> None:
        for key in ("id", "kind", "category", "level", "why"):
            value = self.table.get(key)
            if not isinstance(value, str) or not value.strip():
                raise self.error(key, "missing" if key not in self.table else "must be a string that is not empty")
        self._choose("kind", KINDS)
        self._choose("category", CATEGORIES)
        self._choose("level", LEVELS)
        if "status" in self.table:
            self._choose("status", STATUSES)
        if not ID_FORM.fullmatch(self.table["id"]):
            raise self.error("id", "must be kebab-case: small letters, digits and single hyphens")
        if self.table["id"] in CATEGORIES:
            raise self.error("id", "is the name of a category; ids and categories share one namespace")
        if not _is_language(self.table.get("lang", ANY_LANGUAGE)):
            raise self.error("lang", "must be a language code such as 'en', or 'any'")

    def _choose(self, key: str, known: Any) -> None:
        value = self.table[key]
        if value not in known:
            hint = did_you_mean(value, known) if isinstance(value, str) else ""
            raise self.error(key, f"{value!r} is not one of {', '.join(known)}{hint}")

    def _check_keys(self) -> None:
        own = [f.name for f in fields(self.kind.fields)]
        words = ["keywords"] if self.kind.has_keywords else []
        known = [*_COMMON_KEYS, *own, *words, *_EXAMPLE_KEYS]
        for key in self.table:
            if key not in known:
                raise self.error(key, f"unknown key for kind {self.kind.name!r}{did_you_mean(key, known)}")

    def _fields(self) -> Any:
        hints = _hints(self.kind.name)
        values: dict[str, Any] = {}
        for f in fields(self.kind.fields):
            if f.name in self.table:
                values[f.name] = self._value(f.name, self.table[f.name], hints[f.name])
            elif f.default is MISSING:
                raise self.error(f.name, f"missing; kind {self.kind.name!r} needs it")
        made = self.kind.fields(**values)
        for problem in self.kind.check(made):
            raise self.error("", problem)
        return made

    def _value(self, key: str, value: Any, hint: Any) -> Any:
        if get_origin(hint) is Literal:
            self._choose(key, get_args(hint))
            return value
        if hint is Pattern or Pattern in get_args(hint):
            if not isinstance(value, str) or not value:
                raise self.error(key, "must be a pattern: a string that is not empty")
            return Pattern(value)
        if get_origin(hint) is tuple:
            return self._lists(key) if get_origin(get_args(hint)[0]) is tuple else self._strings(key)
        if hint is float and type(value) is int:
            return float(value)
        if type(value) is not hint:
            raise self.error(key, f"must be of type {hint.__name__}, not {type(value).__name__}")
        return value

    def _strings(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if not _is_strings(value):
            raise self.error(key, "must be a list of strings that are not empty")
        return tuple(value)

    def _lists(self, key: str) -> tuple[tuple[str, ...], ...]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(map(_is_strings, value)):
            raise self.error(key, "must be a list of lists of strings that are not empty")
        return tuple(map(tuple, value))

    def _allowed(self) -> tuple[tuple[str, str], ...]:
        """The checks of lint that the rule may fail, each with its reason."""
        value = self.table.get("allow", {})
        if not isinstance(value, dict):
            raise self.error("allow", 'is a table of checks with reasons: allow = { common-keyword = "..." }')
        for check, reason in value.items():
            if not isinstance(reason, str) or not reason.strip():
                raise self.error("allow", f"{check}: say why, in a string that is not empty")
        return tuple(value.items())

    def _examples(self) -> tuple[Example, ...]:
        value = self.table.get("example", [])
        if not isinstance(value, list):
            raise self.error("example", "examples are tables: write [[rule.example]] above each")
        return tuple(map(self._example, value))

    def _example(self, item: Any) -> Example:
        optional = {"head", "tail"} if self.kind.name == "markup" else set()
        if not isinstance(item, dict) or not {"text", "left"} <= set(item) <= {"text", "left"} | optional:
            raise self.error("example", "has the keys text and left, both strings, and no other")
        if not isinstance(item["text"], str) or not isinstance(item["left"], str):
            raise self.error("example", "has the keys text and left, both strings, and no other")
        markup = self._example_markup(item) if optional else ()
        return Example(item["text"], item["left"], markup)

    def _example_markup(self, item: dict[str, Any]) -> tuple[Markup, ...]:
        """What the page knew of the lines: as said of the first and the last; the others are the article's."""
        markup = [Markup("article")] * len(split_lines(item["text"]))
        for part in ("head", "tail"):
            known = dict(item.get(part, {"lines": 0}))
            lines = known.pop("lines", None)
            if not isinstance(lines, int) or lines > len(markup):
                raise self.error("example", f"{part}: says with `lines` how many lines it is about")
            try:
                about = replace(Markup("article"), part=part, **known)
            except TypeError:
                raise self.error("example", f"{part}: knows no key of {', '.join(known)}") from None
            at = 0 if part == "head" else len(markup) - lines
            markup[at : at + lines] = [about] * lines
        return tuple(markup)

    def _check_patterns(self, rule: Rule[Any]) -> None:
        for f in fields(rule.fields):
            pattern = getattr(rule.fields, f.name)
            if not isinstance(pattern, Pattern):
                continue
            try:
                compiled = pattern.compiled
            except regex.error as error:
                raise self.error(f.name, f"not a valid pattern: {error}") from None
            if compiled.fullmatch("") is not None:
                raise self.error(f.name, "can match an empty line; make some part of it required")

    def _check_words(self, rule: Rule[Any]) -> None:
        if self.kind.has_keywords and not rule.keywords:
            raise self.error("keywords", "missing; name a literal without which the pattern cannot match")
        for keyword in rule.keywords:
            if not _is_keyword(keyword):
                raise self.error("keywords", f"{keyword!r}: must have two characters or more, all in one line")
        if self.kind.of_site:
            self._check_of_site(rule)
        elif self.kind.structural:
            self._check_structural(rule)
        else:
            self._check_strings(rule)

    def _check_of_site(self, rule: Rule[Any]) -> None:
        """That there is an example at all; whether it goes is for running it, for that takes reading all lines."""
        if not rule.remove:
            raise self.error("remove", "missing; give lines that must go")

    def _check_structural(self, rule: Rule[Any]) -> None:
        if not any(e.text != e.left for e in rule.examples) or not any(e.text == e.left for e in rule.examples):
            raise self.error("example", "needs one in which something goes and one in which nothing goes")
        texts = [fold("\n".join(map(undress, e.text.split("\n")))) for e in rule.examples]
        for keyword in rule.keywords:
            if not any(fold(keyword) in text for text in texts):
                raise self.error("keywords", f"{keyword!r} stands in no example")

    def _check_strings(self, rule: Rule[Any]) -> None:
        seen: Callable[[str], str] = undress if rule.kind == "line" else str
        keywords = [fold(keyword) for keyword in rule.keywords]
        for key, strings in (("remove", rule.remove), ("keep", rule.keep)):
            if not strings:
                raise self.error(key, "missing; " + _WANTED[key])
            for string in strings:
                if not any(keyword in fold(seen(string)) for keyword in keywords):
                    raise self.error(key, f"{string!r} holds none of the keywords; " + _WANTED[key])
        for keyword in keywords:
            if not any(keyword in fold(seen(string)) for string in rule.remove):
                raise self.error("keywords", f"{keyword.decode('utf-8', 'replace')!r} stands in no string of `remove`")


def _is_keyword(keyword: str) -> bool:
    """Whether the keyword can be looked for; one character suffices where it is a rare sign."""
    bare = keyword.strip()
    rare_sign = len(bare) == 1 and not bare.isascii() and not bare.isalnum()
    return (len(bare) > 1 or rare_sign) and "\n" not in keyword and "\r" not in keyword


_WANTED = {
    "remove": "give strings that must go, each with a keyword in it",
    "keep": "give near misses, text that must stay although it holds a keyword",
}
