"""The kinds of rules, registered in one place: what each asks of a rule, and how it judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cleaner.kinds import edge, inline, line, markup, section, teaser
from cleaner.look import Hit, Look
from cleaner.removal import Cut, Strike

Judge = Callable[[Look, Iterable[Hit]], Iterable[Strike | Cut]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rule.

    ``fields`` is the dataclass of what its rules say beyond what every rule does; ``check`` finds
    mistakes in them. A kind without keywords has a ``gate`` instead: a cheap look at the text that
    is true wherever the kind could strike.
    """

    name: str
    fields: type[Any]
    check: Callable[[Any], Iterator[str]]
    gate: Callable[[str], bool] | None = None
    structural: bool = False


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("inline", inline.InlineFields, inline.check),
        Kind("line", line.LineFields, line.check),
        Kind("section", section.SectionFields, section.check, structural=True),
        Kind("teaser", teaser.TeaserFields, teaser.check, gate=teaser.gate, structural=True),
        Kind("edge", edge.EdgeFields, edge.check, gate=edge.gate, structural=True),
        Kind("markup", markup.MarkupFields, markup.check, gate=markup.gate, structural=True),
    )
}

# The one order in which kinds judge: each sees what the earlier ones left.
JUDGES: tuple[tuple[str, Judge], ...] = (
    ("markup", markup.judge),
    ("inline", inline.judge),
    ("line", line.judge),
    ("line", line.judge_placed),
    ("line", section.judge_behind),
    ("section", section.judge),
    ("teaser", teaser.judge),
    ("edge", edge.judge),
)
