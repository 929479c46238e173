"""Texts and rules for the property tests: articles, chrome, arbitrary Unicode, arbitrary rule sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from cleaner.kinds.bio import BioFields
from cleaner.kinds.edge import EdgeFields
from cleaner.kinds.inline import InlineFields
from cleaner.kinds.line import LineFields
from cleaner.kinds.section import SectionFields
from cleaner.kinds.teaser import TeaserFields
from cleaner.markdown import undress
from cleaner.pattern import Pattern
from cleaner.rule import CATEGORIES, LEVELS, Rule
from cleaner.ruleset import shipped_rules

# Words of ordinary prose, and words that chrome is made of: bodies are written in both.
_WORDS = [
    "the",
    "a",
    "river",
    "bridge",
    "council",
    "market",
    "winter",
    "harbour",
    "teacher",
    "engine",
    "letter",
    "morning",
    "village",
    "doctor",
    "report",
    "garden",
    "music",
    "window",
    "evening",
    "market",
    "question",
    "answer",
    "summer",
    "train",
    "money",
    "paper",
    "history",
    "science",
    "football",
    "kitchen",
    "island",
    "he",
    "she",
    "they",
    "we",
    "people",
    "nobody",
    "everyone",
    "said",
    "told",
    "asked",
    "found",
    "built",
    "opened",
    "closed",
    "crossed",
    "measured",
    "painted",
    "sold",
    "slowly",
    "again",
    "never",
    "often",
    "quietly",
    "because",
    "although",
    "while",
    "after",
    "before",
    "under",
    "behind",
    "against",
    "between",
    "without",
    "newsletter",
    "bookmark",
    "share",
    "follow",
    "comment",
    "cookie",
    "subscribe",
    "advertisement",
    "sponsor",
    "related",
    "read",
    "more",
    "news",
    "login",
    "über",
    "straße",
    "élève",
    "niño",
    "français",
    "Łódź",
    "Ωmega",
    "москва",
    "река",
    "город",
    "мост",
]
_ENDS = (".", ".", ".", "!", "?", '."', ".)", ".\u201d")


def _sentence(words: list[str], end: str) -> str:
    text = " ".join(words)
    return text[0].upper() + text[1:] + end


sentences = st.builds(_sentence, st.lists(st.sampled_from(_WORDS), min_size=9, max_size=22), st.sampled_from(_ENDS))
_whole_sentences = st.builds(_sentence, st.lists(st.sampled_from(_WORDS), min_size=9, max_size=22), st.just("."))


def _paragraph(first: list[str], last: str) -> str:
    return " ".join([*first, last])


paragraphs = st.builds(_paragraph, st.lists(_whole_sentences, max_size=2), sentences)

_SHIPPED = tuple(rule for rule in shipped_rules() if rule.status == "stable" and rule.level != "aggressive")
_headlines = st.lists(st.sampled_from(_WORDS[:60]), min_size=6, max_size=11).map(lambda words: " ".join(words).title())


def _shipped_chrome(kind: str) -> list[str]:
    return [line for rule in _SHIPPED if rule.kind == kind for line in rule.remove if "\n" not in line]


def _headings() -> list[str]:
    """Headings of the shipped sections: what stands first in that which goes in an example."""
    found = []
    for rule in _SHIPPED:
        if rule.kind == "section":
            lines = {line for example in rule.examples for line in example.text.split("\n")}
            found += [line for line in sorted(lines) if rule.fields.heading.compiled.fullmatch(undress(line))]
    return found


CHROME_LINES = tuple(sorted(set(_shipped_chrome("line") + _headings())))
TOKENS = tuple(sorted(set(_shipped_chrome("inline"))))

_rows = st.lists(st.sampled_from(_WORDS[:60]), min_size=1, max_size=5).map(lambda cells: f"| {' | '.join(cells)} |")
_dated = st.builds("- {} 2024-05-{:02d} 18:40".format, _headlines, st.integers(1, 28))
chrome_lines = st.one_of(st.sampled_from(CHROME_LINES), st.sampled_from(TOKENS), _headlines, _rows, _dated)
line_ends = st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\n \n", "\n\n\n"])


@dataclass(frozen=True)
class Page:
    """A generated article with chrome between its paragraphs."""

    text: str
    paragraphs: tuple[str, ...]


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Paragraphs in order, chrome of every category in any number anywhere between them, tokens behind some."""
    body = draw(st.lists(paragraphs, min_size=1, max_size=7))
    pieces: list[str] = []
    for paragraph in [*body, None]:
        for _ in range(draw(st.integers(0, 3))):
            pieces += (draw(chrome_lines), draw(line_ends))
        if paragraph is not None:
            token = draw(st.one_of(st.just(""), st.sampled_from(TOKENS).map(" {}".format)))
            pieces += (paragraph, token, draw(line_ends))
    if draw(st.booleans()):
        pieces.pop()
    return Page("".join(pieces), tuple(body))


# Every kind of trouble in a text: lone surrogates, line ends of all sorts, NUL, marks, dress, chrome.
_snippets = st.one_of(
    st.text(st.characters(), max_size=12),
    st.sampled_from(["\r", "\n", "\r\n", "\x00", "\ufeff", "\ud800", "\u2028", "\f", "\t", "\u00a0", "  ", " ", ""]),
    st.sampled_from(
        ["- ", "# ", "> ", "**", "_", "`", "```\n", "    ", "<!--", "-->", "---\n", "](x)", "[", "\u201c", '"', "|"]
    ),
    st.sampled_from(CHROME_LINES),
    st.sampled_from(TOKENS),
    sentences,
    _headlines,
)
texts = st.lists(_snippets, max_size=14).map("".join)

# Few literals over few letters, so that rules meet, overlap and expose each other.
_LITERALS = ("ab", "abc", "bca", "cab", "bb")
_literals = st.sampled_from(_LITERALS)
_cuts = st.integers(0, 3)


def _nested(outer: str, inner: str, at: int) -> str:
    return outer[:at] + inner + outer[at:]


def _dressed(literal: str, at: int, dress: str) -> str:
    return dress.format(literal[:at], literal[at:])


_dresses = st.sampled_from(
    ["**{}**{}", "{}_{}_", "[{}](x){}", "- {}\u00a0{}", "> ## {}{} »", "`{}{}`", "\u201c{}{}\u201d"]
)
_small_pieces = st.one_of(
    _literals,
    st.builds(_nested, _literals, _literals, _cuts),
    st.builds(_nested, _literals, st.builds(_nested, _literals, _literals, _cuts), _cuts),
    st.builds(_dressed, _literals, _cuts, _dresses),
    st.sampled_from([" ", ". ", "AB", "x", "", "```", "| a |", " 2024-05-17"]),
)
_small_lines = st.one_of(st.lists(_small_pieces, max_size=3).map("".join), sentences)
small_texts = st.lists(
    st.tuples(_small_lines, st.sampled_from(["\n", "\n", "\n", "\r\n", "\n\n", "\r"])), max_size=10
).map(lambda drawn: "".join(map("".join, drawn)))


@st.composite
def rules(draw: st.DrawFn, number: int = 0) -> Rule[Any]:
    """A rule of any kind over the few literals."""
    kind = draw(st.sampled_from(["line", "line", "inline", "inline", "section", "teaser", "edge", "bio"]))
    keyword = draw(_literals)
    # Now and then a pattern that can match without its keyword: then the keyword decides.
    literal = draw(st.sampled_from([keyword, keyword, keyword, draw(_literals)]))
    pattern = Pattern(
        draw(st.sampled_from([r"{}", r"{}", r"{}\W*", r"\W*{}", r".{{0,9}}{}.{{0,9}}", r"{}+"])).format(literal)
    )
    fields: Any = TeaserFields(draw(st.sampled_from(["tail", "inside"])), draw(st.floats(0, 0.9)))
    if kind == "line":
        where = draw(st.sampled_from(["anywhere", "head", "tail", "inside"]))
        stranger = where in ("head", "tail") and draw(st.booleans())
        if stranger:
            pattern = Pattern(f"(?P<name>{pattern.source})")
        fields = LineFields(pattern, where, ends=draw(st.booleans()), stranger=stranger)
    elif kind == "edge":
        fields = EdgeFields(
            draw(st.sampled_from(["layout-table", "dated-list"])), draw(st.floats(0, 0.9)), draw(st.integers(1, 3))
        )
    elif kind == "inline":
        fields = InlineFields(
            pattern, draw(st.sampled_from([False, False, True])), draw(st.sampled_from(["", "", "", "residue"]))
        )
    elif kind == "section":
        fields = SectionFields(pattern, draw(st.sampled_from(["anywhere", "tail"])))
    elif kind == "bio":
        # Generated sentences begin with a capital, and some of them speak of him and her.
        opens = draw(st.sampled_from([rf"(?P<name>{pattern.source})", r"(?P<name>\w+) .{0,200}"]))
        signs = Pattern(f"(?P<one>{literal})|(?P<two>e)|(?P<three>a)")
        fields = BioFields(
            Pattern(opens),
            Pattern("(?:he|she) .{0,200}"),
            signs,
            Pattern("said"),
            byline=Pattern("a|b"),
            post=Pattern("c"),
            least_signs=draw(st.integers(1, 3)),
        )
    return Rule(
        id=f"rule-{number}",
        kind=kind,
        category=draw(st.sampled_from(CATEGORIES)),
        level=draw(st.sampled_from(LEVELS)),
        why="A rule made up for a test.",
        fields=fields,
        keywords=() if kind in ("teaser", "edge") else (keyword,),
    )


@st.composite
def rule_lists(draw: st.DrawFn) -> tuple[Rule[Any], ...]:
    """One to six rules with ids of their own."""
    return tuple(draw(rules(number)) for number in range(draw(st.integers(1, 6))))
