"""Text and compiled rules to removals: looks, the second look, and what happens when they do not settle.

One look runs all kinds in their order. If something went, the engine looks again, for what went
may have hidden more. A rule that still removes at the last look loses all its removals in the
document. Whatever comes out, looking at it once more changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.kinds import JUDGES, KINDS, markup
from cleaner.kinds.repeat import SiteLines
from cleaner.look import Hit, Look, Notes, SeenHits
from cleaner.markup import Article
from cleaner.match import KeywordIndex
from cleaner.removal import Removal, apply, lift
from cleaner.rule import Rule

# The first look, and three more in which what is left must come to rest.
LOOKS = 4
# How often the engine starts over without the rules that did not come to rest.
FRESH_STARTS = 3

Hits = dict[str, list[Hit]]


@dataclass(frozen=True, slots=True)
class Settled:
    """What looking until nothing more goes came to; ``restless`` are the rules that had to be left out."""

    text: str
    removals: tuple[Removal, ...] = ()
    restless: tuple[str, ...] = ()


class Restless(Exception):  # noqa: N818 - says what the rules are, not what went wrong
    """No output of this document would stay as it is under a further look."""

    def __init__(self, rule_ids: Iterable[str]) -> None:
        self.rule_ids = tuple(sorted(rule_ids))
        super().__init__(", ".join(self.rule_ids))


class Engine:
    """Some rules, ready to be run over texts. Holds no state of a text; safe to share between threads."""

    def __init__(self, rules: Iterable[Rule[Any]], *, hits: Callable[[str], Hits] | None = None) -> None:
        self.rules = tuple(rules)
        self._index = KeywordIndex(self.rules)
        self._given_hits = hits
        self._gated: dict[str, list[Hit]] = {}
        self._of_sites: dict[str, list[Rule[Any]]] = {}
        self._site_engines: dict[str, Engine] = {}
        for rule in self.rules:
            if KINDS[rule.kind].of_site:
                self._of_sites.setdefault(rule.fields.site, []).append(rule)
            if KINDS[rule.kind].gate is not None:
                self._gated.setdefault(rule.kind, []).append(Hit(0, rule))

    def of_site(self, site: str) -> Engine:
        """The engine for the texts of one site: itself, where no rule names the site."""
        if site not in self._of_sites:
            return self
        if site not in self._site_engines:
            lines, hits = SiteLines(self._of_sites[site]), self._given_hits or self._index.hits
            # Two threads may both make one; either will do.
            self._site_engines[site] = Engine(self.rules, hits=lambda text: hits(text) | {"repeat": lines.hits(text)})
        return self._site_engines[site]

    def without(self, rule_ids: frozenset[str]) -> Engine:
        """The engine as it would be without some rules; it shares the search for keywords, which costs most to make."""
        hits = self._given_hits or self._index.hits

        def fewer(text: str) -> Hits:
            return {kind: [hit for hit in some if hit.rule.id not in rule_ids] for kind, some in hits(text).items()}

        return Engine((rule for rule in self.rules if rule.id not in rule_ids), hits=fewer)

    def by_markup(self, article: Article) -> list[Removal]:
        """What the page's markup alone tells to remove.

        Judged once, before all looks: nothing that the looks take away is part of that evidence.
        """
        rules = self._gated.get("markup")
        if not rules or not article.markup:
            return []
        look = Look(article.text, markup=article.markup)
        look.add(list(markup.judge(look, rules)))
        return look.removals()

    def settle(self, text: str, gone: Sequence[Removal] = ()) -> Settled:
        """Look until nothing more goes, beyond what is ``gone`` already.

        Raises :class:`Restless` where leaving rules out leads to no text that would come back as
        it is, and :class:`cleaner.pattern.PatternTimeout` where a rule takes too long.
        """
        settled = self._without_restless(text, gone)
        if settled.restless and self._without_restless(settled.text).text != settled.text:
            raise Restless(settled.restless)
        return settled

    def _without_restless(self, text: str, gone: Sequence[Removal] = ()) -> Settled:
        restless: frozenset[str] = frozenset()
        for _ in range(FRESH_STARTS):
            removals, late = self._looks(text, restless, gone)
            if not late:
                return Settled(apply(text, removals), tuple(removals), tuple(sorted(restless)))
            restless |= late
        raise Restless(restless)

    def _looks(
        self, text: str, without: frozenset[str], gone: Sequence[Removal]
    ) -> tuple[list[Removal], frozenset[str]]:
        """The removals of all looks behind those ``gone`` before, and the rules that removed in the last one still."""
        removals = list(gone)
        current, notes = apply(text, removals), Notes()
        for _ in range(LOOKS - 1):
            found = self.look(current, without=without, notes=notes)
            if not found:
                return removals, frozenset()
            removals = lift(found, removals)
            current = apply(text, removals)
        return removals, frozenset(removal.rule_id for removal in self.look(current, without=without, notes=notes))

    def look(self, text: str, *, without: frozenset[str] = frozenset(), notes: Notes | None = None) -> list[Removal]:
        """One look at the text: every kind once, each judging what the earlier ones left."""
        look = Look(text, notes=notes)
        look.hits = self._all_hits(look, without)
        return self._judge(look, without).removals() if any(look.hits.values()) else []

    def look_before(self, kind: str, text: str) -> Look:
        """The first look at a text as a kind finds it: with what the kinds that judge before it have struck."""
        look = Look(text)
        look.hits = self._all_hits(look, frozenset())
        return self._judge(look, frozenset(), before=kind)

    def _all_hits(self, look: Look, without: frozenset[str]) -> Hits:
        hits = self._keyword_hits(look)
        for kind, gated in self._gated.items():
            gate = KINDS[kind].gate
            if gate is not None and gate(look.lines.text):
                hits[kind] = gated
        if without:
            hits = {kind: [hit for hit in some if hit.rule.id not in without] for kind, some in hits.items()}
        return hits

    def _keyword_hits(self, look: Look) -> Hits:
        """Where keywords stand; of lines that an earlier look at the document has seen, it is known."""
        before = look.notes.hits
        if before is None:
            hits = self._given_hits(look.lines.text) if self._given_hits else self._index.hits_in(look)
            look.notes.hits = SeenHits(look.lines.strings, hits)
            return dict(hits)
        new = [line for line in look.lines.strings if line not in before]
        found = SeenHits(*self._hits_of(new)) if new else before
        hits = defaultdict(list)
        for number, line in enumerate(look.lines.strings):
            for rule in (before if line in before else found).of_line(line):
                hits[rule.kind].append(Hit(number, rule))
        return hits

    def _hits_of(self, lines: Sequence[str]) -> tuple[Sequence[str], Hits]:
        """Lines and their hits; before the first stands an empty one, so that none stands where a text begins."""
        look = Look("\n".join(["", *lines]))
        return look.lines.strings, self._keyword_hits(look)

    def _judge(self, look: Look, without: frozenset[str], *, before: str = "") -> Look:
        hits = look.hits
        for kind, judge in JUDGES:
            if kind == before:
                break
            if hits.get(kind):
                look.add(list(judge(look, hits[kind])))
            if kind == "inline" and look.cuts:
                hits = look.hits = self._with_cut_lines(look, hits, without)
        return look

    def _with_cut_lines(self, look: Look, hits: Mapping[str, Sequence[Hit]], without: frozenset[str]) -> Hits:
        """The hits, and those in lines that hold a keyword only now that tokens were cut from them."""
        numbers = sorted({cut.line for cut in look.cuts})
        _, found = self._hits_of(list(map(look.view, numbers)))
        merged = {kind: {(hit.line, hit.rule.id): hit for hit in some} for kind, some in hits.items()}
        for kind, some in found.items():
            known = merged.setdefault(kind, {})
            for hit in some:
                number = numbers[hit.line - 1]
                if hit.rule.id not in without:
                    known.setdefault((number, hit.rule.id), Hit(number, hit.rule))
        ranks = {rule.id: rank for rank, rule in enumerate(self.rules)}
        order = {kind: sorted(known, key=lambda key: (key[0], ranks[key[1]])) for kind, known in merged.items()}
        return {kind: [merged[kind][key] for key in keys] for kind, keys in order.items()}
