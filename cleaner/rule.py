"""A rule: one kind of chrome, with its reason and its examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, get_args

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


@dataclass(frozen=True, slots=True)
class Rule(Generic[F_co]):
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
