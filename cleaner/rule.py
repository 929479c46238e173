"""A rule: one kind of chrome, with its reason and its examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar, get_args

from cleaner.markup import Markup

Level = Literal["safe", "standard", "aggressive"]
Status = Literal["preview", "stable", "deprecated"]

# The version of rule files that is read.
FORMAT = 1

LEVELS: tuple[Level, ...] = get_args(Level)
STATUSES: tuple[Status, ...] = get_args(Status)
CATEGORIES = (
    "prompts",
    "social",
    "related",
    "teasers",
    "metadata",
    "credits",
    "about",
    "legal",
    "ads",
    "navigation",
    "comments",
    "media",
    "paywall",
    "errors",
    "residue",
    "repeats",
)
# What learned rules are of: a site repeats chrome of all sorts.
LEARNED_CATEGORY = "repeats"
ANY_LANGUAGE = "any"

F_co = TypeVar("F_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Example:
    """A whole text, and what is left of it; ``markup`` is what its page knew of each line, if it was one."""

    text: str
    left: str
    markup: tuple[Markup | None, ...] = ()


class _SaysLater:
    """What may say some of its fields only when it is asked: to clean, nobody asks for reasons and examples."""

    __slots__ = ("_later",)
    _later: Callable[[], Mapping[str, object]]

    if not TYPE_CHECKING:  # which else would take any name for a field

        def __getattr__(self, name: str) -> Any:
            """Called for a field that was not said yet: all that are to be said later are said now."""
            said = {} if name == "_later" or name not in SAID_LATER else self._later()
            if name not in said:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            for field, value in said.items():
                object.__setattr__(self, field, value)
            return said[name]


# The fields of a rule by which nothing is removed.
SAID_LATER = ("why", "remove", "keep", "examples", "allow")


@dataclass(frozen=True, slots=True)
class Rule(_SaysLater, Generic[F_co]):
    """What every rule has; ``fields`` holds what its kind asks for beyond that.

    ``remove`` are strings that must go, ``keep`` near misses that must stay, ``examples`` whole
    texts with what is left of them. ``allow`` names the checks of lint that the rule may fail, each with
    the reason. ``source`` and ``line`` are where the rule was read from.
    """

    id: str
    kind: str
    category: str
    level: Level
    why: str
    fields: F_co
    lang: str = ANY_LANGUAGE
    status: Status = "stable"
    keywords: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    allow: tuple[tuple[str, str], ...] = ()
    source: str = ""
    line: int = 0

    @classmethod
    def saying_later(cls, said: Mapping[str, object], later: Callable[[], Mapping[str, object]]) -> Self:
        """A rule of which ``said`` holds all fields but :data:`SAID_LATER`; what ``later`` gives holds those."""
        rule = cls.__new__(cls)
        for name, value in said.items():
            object.__setattr__(rule, name, value)
        object.__setattr__(rule, "_later", later)
        return rule
