"""Kind ``repeat``: lines known to come back across the pages of one site.

Learned from a site's own pages by :mod:`cleaner.learn`, reviewed by a person, never guessed at run
time. A rule holds for the texts of its ``site`` alone and lists what comes back:

- ``lines`` go wherever they stand, unless they are short: a line of a word or two goes only at the
  edge of the text or beside another line that goes, for it may be a subhead elsewhere.
- ``runs`` come in company: a line of a run goes only beside a line of the same run.
- ``begins`` are fixed beginnings of lines that go on as a headline does: "Read more: ...".

Lines are the same if their words are: dress, case, spaces and numbers do not count. A ``*`` among the
words stands for one word, such as a reader's name. A lookup is one of a few strings in a table, however
many lines the rules know.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from cleaner.evidence import count_words, is_headline
from cleaner.look import Hit, Look
from cleaner.markdown import undress
from cleaner.removal import Strike
from cleaner.rule import Rule
from cleaner.text import plain, split_lines

# A line of fewer words may be a subhead of somebody's article, whatever repeats it.
LONE_WORDS = 4
# A beginning is looked for in the first words of a line.
BEGINNING_WORDS = 6
LONGEST = 1_000
# One word is left open only in lines of so few words that tell a number or announce something.
OPEN_WORDS = range(3, 9)
ANY_WORD = "*"
# The number of no run: what stands in ``lines``.
ALONE = 0

_NUMBER = re.compile(r"\d(?:[\d.,:/\u2019' -]*\d)?")
_YEAR = r"(?:19|20)\d\d(?!\d)"
# A day, a month's name in whatever language, and a year; or the month first.
_DATE = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)?(?: de| of)? [^\W\d_]{{3,12}}\.?,?(?: de)? {_YEAR}"
    rf"|(?<!\w)[^\W\d_]{{3,12}}\.? \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}"
)
_OPENING = re.compile(
    r"[^:\uff1a|\u00bb\u203a\u2013\u2014]{2,60}(?::|\uff1a|\||\u00bb|\u203a| \u2013| \u2014)(?=\s*\S)"
)


def same(view: str) -> str:
    """What two lines have in common that count as one, of what rules see of them.

    >>> same("12 Comments"), same("Updated  3 May 2026, 10:40"), same("Updated 11.12.2026, 9:05")
    ('0 comments', 'updated 0', 'updated 0')
    """
    text = plain(view).strip().casefold()
    if text.isalpha():
        return text
    if "19" in text or "20" in text:
        text = _DATE.sub("0", text)
    return _NUMBER.sub("0", text)


def opening(view: str) -> str:
    """The fixed beginning of a line that goes on as a headline: up to a colon, bar, arrow or dash; or nothing.

    >>> opening("Read more: Ferry back in service again"), opening("Serves: 4 to 6")
    ('Read more:', '')
    """
    match = _OPENING.match(view)
    if match is None or count_words(match[0]) > BEGINNING_WORDS or match[0][-2].isdigit() or "//" in view:
        return ""
    rest = view[match.end() :].strip()
    return match[0] if is_headline(rest) and rest.count(",") < 2 else ""


def with_open_word(view: str) -> list[tuple[str, str]]:
    """The forms of a short line in which one word is left open, each with that word.

    None of a line that tells no number and announces nothing: its words are all that it tells.

    >>> with_open_word("Posted by anna, 3 May 2026")[2], with_open_word("The ferry is back")
    (('posted by * 0', 'anna,'), [])
    """
    line = same(view)
    words = line.split(" ")
    if len(words) not in OPEN_WORDS or not ("0" in line or line.endswith(":")):
        return []
    opened = [at for at, word in enumerate(words) if word.strip(",:()").isalpha()]
    return [(" ".join([*words[:at], ANY_WORD, *words[at + 1 :]]), words[at]) for at in opened]


def site_name(site: str) -> str:
    """The name under which a site is known: of a URL its host, in small letters, without ``www.`` and port.

    >>> site_name("https://www.Example.org:8080/news/1.html"), site_name("my blog")
    ('example.org', 'my blog')
    """
    name = site.strip()
    if "://" in name:
        # What urlsplit refuses is no URL after all, but a name that holds "://".
        with suppress(ValueError):
            name = urlsplit(name).hostname or name
    return name.casefold().removeprefix("www.")


@dataclass(frozen=True)
class RepeatFields:
    """What a ``repeat`` rule says beyond what every rule does."""

    site: str
    lines: tuple[str, ...] = ()
    runs: tuple[tuple[str, ...], ...] = ()
    begins: tuple[str, ...] = ()

    @cached_property
    def known(self) -> Mapping[str, frozenset[int]]:
        """Each line that the rule knows, with the numbers of its runs; ``ALONE`` for one that needs no company."""
        known: dict[str, frozenset[int]] = {}
        for number, lines in enumerate((self.lines, *self.runs), start=ALONE):
            # Of a run from which all others were deleted the last line has no company to wait for.
            run = number if len(lines) > 1 else ALONE
            for line in lines:
                for key in _keys(line):
                    known[key] = known.get(key, frozenset()) | {run}
        return known

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """The beginnings that the rule knows."""
        return frozenset(same(beginning) for beginning in self.begins)

    @cached_property
    def has_open_words(self) -> bool:
        """Whether a line that the rule knows leaves a word open."""
        return any(ANY_WORD in line for line in self.known)

    def runs_of(self, view: str) -> frozenset[int]:
        """The numbers of the runs of a line, ``ALONE`` among them if it needs no company; none if it is unknown."""
        found = self.known.get(same(view), frozenset())
        if not found and self.has_open_words:
            found = next((self.known[form] for form, _ in with_open_word(view) if form in self.known), found)
        if not found and self.begins and same(opening(view)) in self.beginnings:
            found = frozenset({ALONE})
        return found

    def company_of(self, line: str) -> tuple[str, ...]:
        """A line in whose company the line would go; none where it needs none or is not known."""
        runs = self.runs_of(undress(line))
        if ALONE in runs:
            return ()
        mates = (mate for run in runs for mate in self.runs[run - 1] if _keys(mate).isdisjoint(_keys(line)))
        return tuple(itertools.islice(mates, 1))


def _keys(line: str) -> set[str]:
    """What is looked up for a line of a rule, be it written as in a page or as rules see it."""
    return {same(line), same(undress(line))}


def check(fields: RepeatFields) -> Iterator[str]:
    """Mistakes that no single field shows."""
    if site_name(fields.site) != fields.site:
        yield f"site = {fields.site!r}: write it as {site_name(fields.site)!r}"
    if not fields.lines and not fields.runs and not fields.begins:
        yield "knows nothing; give lines, runs or begins"
    for key, lines in (("lines", fields.lines), *(("runs", run) for run in fields.runs)):
        for line in lines:
            if len(line) > LONGEST or line.isspace() or "\n" in line or "\r" in line:
                yield f"{key}: {line[:60]!r} is no line of words of at most {LONGEST} characters"
    for beginning in fields.begins:
        if opening(beginning + " one two three four") != beginning:
            yield f"begins: {beginning!r} must be {BEGINNING_WORDS} words at most and a colon, bar, arrow or dash"


class SiteLines:
    """What the rules of one site know, ready to be looked up."""

    def __init__(self, rules: Sequence[Rule[RepeatFields]]) -> None:
        self._rules = tuple(rules)
        self._known: dict[str, Rule[RepeatFields]] = {}
        for rule in reversed(self._rules):
            self._known.update(dict.fromkeys(rule.fields.known, rule))
        self._open = [rule for rule in self._rules if rule.fields.begins or rule.fields.has_open_words]

    def hits(self, text: str) -> list[Hit]:
        """The lines of a text that a rule of the site knows, in order."""
        lines = split_lines(text)
        found = ((number, self._rule(undress(lines[number]))) for number in range(len(lines)))
        return [Hit(number, rule) for number, rule in found if rule is not None]

    def _rule(self, view: str) -> Rule[RepeatFields] | None:
        if not view or len(view) > 2 * LONGEST:
            return None
        rule = self._known.get(same(view))
        if rule is None and self._open:
            rule = next((rule for rule in self._open if rule.fields.runs_of(view)), None)
        return rule


def judge(look: Look, hits: Iterable[Hit]) -> Iterator[Strike]:
    """Strike the lines that the site is known to repeat, as far as their company allows."""
    hits = list(hits)
    rules = tuple({hit.rule.id: hit.rule for hit in hits}.values())
    known = {hit.line: _Known(look, hit, rules) for hit in hits if look.is_open(hit.line)}
    going = {number for number, line in known.items() if line.goes_alone}
    numbers = [n for n in range(len(look.lines)) if not look.is_blank(n)]
    for row in (numbers, numbers[::-1]):
        before: int | None = None
        for number in row:
            if number in known and known[number].goes_beside(look, known, going, before):
                going.add(number)
            before = number
    yield from (Strike(number, number, known[number].rule.id) for number in sorted(going))


class _Known:
    """A line of the text that a rule knows, and the runs that it is of in any rule."""

    def __init__(self, look: Look, hit: Hit, rules: Iterable[Rule[RepeatFields]]) -> None:
        self.rule: Rule[RepeatFields] = hit.rule
        view = look.view(hit.line)
        found = {(rule.id, run) for rule in rules for run in rule.fields.runs_of(view)}
        self.runs = {(rule_id, run) for rule_id, run in found if run != ALONE}
        self.needs_run = self.runs == found
        self.goes_alone = not self.needs_run and count_words(view) >= LONE_WORDS

    def goes_beside(self, look: Look, known: Mapping[int, _Known], going: set[int], before: int | None) -> bool:
        """Whether the line goes for the one that stands before it, in the direction of the walk."""
        if not self.needs_run and (before is None or before in going or look.is_struck(before)):
            return True
        return before is not None and before in known and not self.runs.isdisjoint(known[before].runs)
