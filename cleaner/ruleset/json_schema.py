"""A JSON schema of the rule file, for editors: made from the definitions that the loader reads by.

Kinds bring their fields, types, defaults and choices as dataclasses; categories, levels and statuses
are the tuples of :mod:`cleaner.rule`. What no schema can say is left to the loader: whether a
pattern compiles, whether keywords stand in examples, whether an id is used twice.
"""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import MISSING, Field, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from cleaner.kinds import KINDS, Kind
from cleaner.markup import Markup
from cleaner.pattern import Pattern
from cleaner.rule import CATEGORIES, FORMAT, LEVELS, STATUSES
from cleaner.ruleset.read import ID_FORM, LANGUAGE_FORM

_NOT_EMPTY = {"type": "string", "minLength": 1}
_STRINGS = {"type": "array", "items": _NOT_EMPTY}
_SPOKEN = {"type": "string", "pattern": r"\S"}
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}
_CODE = re.compile(r"``(.+?)``", re.DOTALL)


def schema() -> dict[str, Any]:
    """The schema, as JSON Schema 2020-12.

    >>> sorted(schema()["properties"])
    ['disable', 'format', 'include', 'lang', 'rule']
    >>> rule = schema()["$defs"]["line"]["properties"]
    >>> rule["where"]["enum"], rule["longest"]["default"]
    (['anywhere', 'head', 'tail', 'inside'], 200)
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rule file of article-cleaner",
        "type": "object",
        "required": ["format"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT, "description": "The format of the file."},
            "lang": _described(_language(), "The language of all rules that name none."),
            "include": _described(_STRINGS, "Shipped rule sets and rule files whose rules are taken in."),
            "disable": _described(_STRINGS, "Ids and categories of included rules that are left out."),
            "rule": {"type": "array", "items": _any_rule()},
        },
        "$defs": {kind.name: _rule_of(kind) for kind in KINDS.values()},
    }


def schema_text() -> str:
    """The schema as it is shipped: ``cleaner/rules/schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _described(form: dict[str, Any], description: str) -> dict[str, Any]:
    return {**form, "description": description}


def _language() -> dict[str, Any]:
    return {"type": "string", "pattern": f"^(?:{LANGUAGE_FORM.pattern})$"}


def _any_rule() -> dict[str, Any]:
    """A rule of its kind: told apart by ``kind``, so that an editor's complaint is about that kind alone."""
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": list(KINDS)}},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/{name}"},
            }
            for name in KINDS
        ],
    }


def _rule_of(kind: Kind) -> dict[str, Any]:
    hints = get_type_hints(kind.fields)
    own = {f.name: _field(f, hints[f.name]) for f in fields(kind.fields)}
    needed = [f.name for f in fields(kind.fields) if f.default is MISSING]
    words: dict[str, Any] = {}
    if kind.has_keywords:
        form = {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": r"^[^\r\n]+$"}}
        words["keywords"] = _described(form, "Literals without one of which the rule cannot match.")
    examples, examples_needed = _examples(kind)
    return {
        "description": _sentences(kind.fields),
        "required": ["id", "kind", "category", "level", "why", *needed, *words, *examples_needed],
        "additionalProperties": False,
        "properties": {**_common(), **own, **words, **examples},
    }


def _common() -> dict[str, Any]:
    id_form = {"type": "string", "pattern": f"^(?:{ID_FORM.pattern})$", "not": {"enum": list(CATEGORIES)}}
    return {
        "id": _described(id_form, "Kebab-case; names the chrome and is never reused."),
        "kind": {"enum": list(KINDS)},
        "category": {"enum": list(CATEGORIES), "description": "What sort of chrome."},
        "level": {
            "enum": list(LEVELS),
            "description": "safe: cannot be body; standard: what a careful editor would strike; aggressive: a guess.",
        },
        "why": _described(_SPOKEN, "Why this is no text of the article."),
        "lang": _described(_language(), "The language of the rule, or any."),
        "status": {"enum": list(STATUSES), "default": "stable"},
        "allow": {
            "type": "object",
            "additionalProperties": _SPOKEN,
            "description": "Checks of `cleaner rules lint` that this rule may fail, each with the reason.",
        },
    }


def _field(field: Field[Any], hint: Any) -> dict[str, Any]:
    form = _form(hint)
    plain = isinstance(field.default, (bool, int, float, str)) and field.default != ""
    return {**form, "default": field.default} if plain else form


def _form(hint: Any) -> dict[str, Any]:
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    if hint is Pattern or Pattern in get_args(hint):
        return {**_NOT_EMPTY, "description": "A pattern of the regex module; matches without regard to case."}
    if get_origin(hint) is tuple:
        nested = get_origin(get_args(hint)[0]) is tuple
        return {"type": "array", "items": _STRINGS} if nested else _STRINGS
    return {"type": _TYPES[hint]}


def _examples(kind: Kind) -> tuple[dict[str, Any], list[str]]:
    """The keys of examples, and those that the kind must have."""
    item: dict[str, Any] = {"text": {"type": "string"}, "left": {"type": "string"}}
    if kind.name == "markup":
        item |= dict.fromkeys(("head", "tail"), _known_of_lines())
    whole = {"type": "object", "required": ["text", "left"], "additionalProperties": False, "properties": item}
    keys = {
        "remove": _described(_STRINGS, "Strings that must go, each with a keyword in it."),
        "keep": _described(_STRINGS, "Near misses: text of articles that must stay although it holds a keyword."),
        "example": {"type": "array", "items": whole, "description": "Whole texts, with what is left of them."},
    }
    if kind.of_site:
        needed, least = ["remove"], 1
    elif kind.structural:
        needed, least = ["example"], 2
    else:
        needed, least = ["remove", "keep"], 1
    return {key: {**form, "minItems": least} if key in needed else form for key, form in keys.items()}, needed


def _known_of_lines() -> dict[str, Any]:
    """What an example of kind ``markup`` says that the page knew of its first or last lines."""
    hints = get_type_hints(Markup)
    known = {f.name: _form(hints[f.name]) for f in fields(Markup) if f.name != "part"}
    return {
        "type": "object",
        "required": ["lines"],
        "additionalProperties": False,
        "properties": {"lines": {"type": "integer"}, **known},
    }


def _sentences(fields_of_kind: type[Any]) -> str:
    return _CODE.sub(r"\1", " ".join((inspect.getdoc(fields_of_kind) or "").split()))
