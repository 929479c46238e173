"""The kinds of rules, registered in one place: what each asks of a rule, and how it judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cleaner.kinds import bio, edge, inline, line, markup, region, repeat, section, teaser
from cleaner.look import Hit, Look
from cleaner.removal import Cut, Strike

Judge = Callable[[Look, Iterable[Hit]], Iterable[Strike | Cut]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rule.

    ``fields`` is the dataclass of what its rules say beyond what every rule does; ``check`` finds
    mistakes in them. A kind without keywords has a ``gate`` instead: a cheap look at the text that
    is true wherever the kind could strike; one that is ``of_site`` has neither, for its rules name the
    site whose texts they hold for. A kind that ``finds_article`` takes the rest of a page
    away, which is no share of the article: it does not count against ``max_removed``.
    """

    name: str
    fields: type[Any]
    check: Callable[[Any], Iterator[str]]
    gate: Callable[[str], bool] | None = None
    structural: bool = False
    finds_article: bool = False
    of_site: bool = False

    @property
    def has_keywords(self) -> bool:
        """Whether its rules are looked for by keywords."""
        return self.gate is None and not self.of_site


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("inline", inline.InlineFields, inline.check),
        Kind("line", line.LineFields, line.check),
        Kind("repeat", repeat.RepeatFields, repeat.check, of_site=True, finds_article=True),
        Kind("section", section.SectionFields, section.check, structural=True),
        Kind("teaser", teaser.TeaserFields, teaser.check, gate=teaser.gate, structural=True),
        Kind("bio", bio.BioFields, bio.check, structural=True),
        Kind("edge", edge.EdgeFields, edge.check, gate=edge.gate, structural=True),
        Kind("region", region.RegionFields, region.check, gate=region.gate, structural=True, finds_article=True),
        Kind("markup", markup.MarkupFields, markup.check, gate=markup.gate, structural=True, finds_article=True),
    )
}

# The one order in which kinds judge: each sees what the earlier ones left.
JUDGES: tuple[tuple[str, Judge], ...] = (
    ("markup", markup.judge),
    ("inline", inline.judge),
    ("line", line.judge),
    ("repeat", repeat.judge),
    ("region", region.judge),
    ("line", line.judge_placed),
    ("bio", bio.judge),
    ("line", section.judge_behind),
    ("section", section.judge),
    ("teaser", teaser.judge),
    ("edge", edge.judge),
)
