"""Learned lines to a rule file that a person can read, and what such a file holds.

One rule lists the lines of one site and one strength of evidence. Behind each line stands on how many
texts of the site it was found, and where.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence

from cleaner.learn.company import LEVELS_LEARNED, Learned, Strength
from cleaner.learn.counting import Evidence, Size
from cleaner.rule import FORMAT, LEARNED_CATEGORY

_EXAMPLES = 3
_PLACES = ("head", "inside", "tail")
_NO_ID = re.compile(r"[^a-z0-9]+")


def header(size: Size) -> str:
    """How a file of learned rules begins."""
    return (
        f"# Learned from {_counted(size.documents, 'text')} of {_counted(size.sites, 'site')}: lines that come back"
        " where the stories differ.\n"
        "# Behind each line: on how many texts of its site, and where. Delete the lines that should stay, for good.\n"
        f"\nformat = {FORMAT}\n"
    )


def rules_of(learned: Sequence[Learned], of_site: Sequence[Evidence], *, only: Strength | None = None) -> str:
    """The rules of one site as TOML: one for each strength of evidence that any of its lines has.

    ``of_site`` is all that comes back on the site: what of it stayed gives the ``keep`` examples.
    """
    known = {one.evidence.key for one in learned}
    stayed = [e for e in of_site if e.key not in known and e.form == "line" and not _is_known(e, learned)]
    strengths = [only] if only else LEVELS_LEARNED
    parts = [(strength, [one for one in learned if one.strength == strength]) for strength in strengths]
    return "".join("\n" + "\n".join(_rule(part, strength, stayed)) + "\n" for strength, part in parts if part)


def _is_known(evidence: Evidence, learned: Sequence[Learned]) -> bool:
    """Whether the line stayed as a line because one of its forms goes."""
    return any(
        one.evidence.form != "line" and (evidence.text.startswith(one.evidence.text) or one.evidence.form == "open")
        for one in learned
    )


def _rule(learned: Sequence[Learned], strength: Strength, stayed: Sequence[Evidence]) -> Iterator[str]:
    site = learned[0].evidence.site
    lines = [one for one in learned if one.evidence.form != "begins"]
    alone = _in_order([one for one in lines if not one.run])
    runs = _in_runs([one for one in lines if one.run])
    begins = _in_order([one for one in learned if one.evidence.form == "begins"])
    yield "[[rule]]"
    yield f"id = {_string(_rule_id(site, strength))}"
    yield 'kind = "repeat"'
    yield f'category = "{LEARNED_CATEGORY}"'
    yield f'level = "{strength}"'
    yield f"why = {_string(_why(learned))}"
    yield f"site = {_string(site)}"
    if alone:
        yield from ("lines = [", *(_entry(one) for one in alone), "]")
    if runs:
        yield "runs = ["
        for run in runs:
            yield from ("  [", *("  " + _entry(one) for one in run), "  ],")
        yield "]"
    if begins:
        yield from ("begins = [", *(_entry(one) for one in begins), "]")
    yield from _list("remove", _examples(learned))
    yield from _list("keep", [e.text for e in _most_seen(stayed)])


def _examples(learned: Sequence[Learned]) -> list[str]:
    lines = _most_seen(one.evidence for one in learned if one.evidence.form == "line")
    forms = _most_seen(one.evidence for one in learned if one.evidence.form != "line")
    return [evidence.example for evidence in (*lines, *forms[:1])][-_EXAMPLES:]


def _most_seen(lines: Iterable[Evidence]) -> list[Evidence]:
    return sorted(lines, key=lambda e: (-e.documents, e.text))[:_EXAMPLES]


def _list(key: str, strings: Sequence[str]) -> Iterator[str]:
    if strings:
        yield from (f"{key} = [", *(f"  {_string(text)}," for text in strings), "]")


def _entry(one: Learned) -> str:
    e = one.evidence
    return f"  {_string(e.text)},  # {e.documents} of {e.site_documents}, {_place(e)}"


def _place(evidence: Evidence) -> str:
    """Where in the text the line stands most often."""
    times = (evidence.head, evidence.inside, evidence.tail)
    return _PLACES[times.index(max(times))] if any(times) else "no paragraphs"


def _in_order(learned: Iterable[Learned]) -> list[Learned]:
    return sorted(learned, key=_order)


def _order(one: Learned) -> tuple[int, int, str, int]:
    e = one.evidence
    place = _place(e)
    return (_PLACES.index(place) if place in _PLACES else len(_PLACES), -e.documents, e.text, e.key)


def _in_runs(learned: Sequence[Learned]) -> list[list[Learned]]:
    """The runs, each in the order in which its lines follow each other on most pages."""
    runs: dict[int, list[Learned]] = {}
    for one in learned:
        runs.setdefault(one.run, []).append(one)
    return sorted(map(_as_printed, runs.values()), key=lambda run: _order(run[0]))


def _as_printed(run: Sequence[Learned]) -> list[Learned]:
    left = {one.evidence.key: one for one in _in_order(run)}
    printed: list[Learned] = []
    while left:
        first = next((key for key, one in left.items() if one.evidence.before not in left), next(iter(left)))
        while first in left:
            printed.append(left.pop(first))
            first = printed[-1].evidence.after
    return printed


def _why(learned: Sequence[Learned]) -> str:
    evidence = [one.evidence for one in learned]
    least, most = min(e.documents for e in evidence), max(e.documents for e in evidence)
    times = str(most) if least == most else f"{least} to {most}"
    why = f"Comes back on {times} of the {_counted(evidence[0].site_documents, 'text')} of {evidence[0].site}"
    why += ", which tell different stories"
    first, last = min(e.first for e in evidence), max(e.last for e in evidence)
    return f"{why}; first seen {first}, last seen {last}." if first else f"{why}."


def _rule_id(site: str, strength: Strength) -> str:
    """An id that no other site's rule has: a digest follows where the site's name has more than letters and dots."""
    name = _NO_ID.sub("-", site).strip("-")
    if name.replace("-", ".") != site:
        name = f"{name}-{hashlib.blake2b(site.encode('utf-8', 'replace'), digest_size=4).hexdigest()}".lstrip("-")
    return f"repeats-of-{name}" + ("" if strength == "safe" else f"-{strength}")


def _string(text: str) -> str:
    """A TOML string: what JSON writes, for the characters that a learned line may have."""
    return json.dumps("".join(c if c.isprintable() else "\ufffd" for c in text), ensure_ascii=False)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
