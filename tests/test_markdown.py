"""Markdown: the dress that rules do not see, and the zones that they do not look into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.look import Look
from cleaner.markdown import heading_rank, is_link, is_list_item, protected_zones, undress, undress_all
from cleaner.text import plain, split_lines
from tests import strategies

PROSE = "The harbour was closed for a week after the storm.\n"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("2 * 3 * 4", id="stars between numbers"),
        pytest.param("snake_case_name", id="underscores in a name"),
        pytest.param("#tag and #other", id="hash tags"),
        pytest.param("10.5 metres", id="a decimal number"),
        pytest.param("[1] and [a] (b)", id="brackets without a link"),
        pytest.param("a ** b", id="loose stars"),
    ],
)
def test_is_no_dress(line: str) -> None:
    assert undress(line) == line


_DRESS = st.sampled_from(
    ["- ", "* ", "> ", "1. ", "٣) ", "• ", "## ", " ", "\u00a0", "\f", "\u2028", "**", "_", "[", "](x)"]
)
_DRESSED = st.lists(
    _DRESS | st.sampled_from(["word", "Ä", "9", "\u201c", "»", "|", "#", "\n", "\r\n", "a" * 4_100])
).map("".join)


@given(text=_DRESSED | strategies.texts)
def test_all_lines_at_once_are_seen_as_each_alone(text: str) -> None:
    lines = split_lines(text)
    plains, views, _ = undress_all(lines)
    assert plains == list(map(plain, lines.strings))
    assert views == list(map(undress, lines.strings))


@given(text=_DRESSED | strategies.texts, later=_DRESSED)
def test_the_next_look_sees_the_same_of_a_line(text: str, later: str) -> None:
    first = Look(text)
    assert first.views == list(map(undress, first.lines.strings))
    again = Look(f"{later}\n{text}", notes=first.notes)
    assert again.views == list(map(undress, again.lines.strings))


@pytest.mark.parametrize(
    ("line", "view"),
    [
        pytest.param("- Share", "Share", id="list mark"),
        pytest.param("  * Share", "Share", id="indented list mark"),
        pytest.param("12. Share", "Share", id="number"),
        pytest.param("> > Share", "Share", id="quotes"),
        pytest.param("### Share ###", "Share", id="closed heading"),
        pytest.param("**Share** this", "Share this", id="bold"),
        pytest.param("*Share* _this_", "Share this", id="italics of both kinds"),
        pytest.param("**[Share](x)**", "Share", id="a bold link"),
        pytest.param("- [Share](https://example.org/a_b_c)", "Share", id="a link in a list"),
        pytest.param('[Share](x "title") now', "Share now", id="a link with a title"),
        pytest.param("» Share »", "Share", id="arrows at both ends"),
        pytest.param("• Share", "Share", id="bullet"),
        pytest.param("Sha\u00a0re  it", "Sha re it", id="spaces"),
        pytest.param("It\u2019s \u201cfree\u201d", 'It\'s "free"', id="quotes made plain"),
    ],
)
def test_dress_comes_off(line: str, view: str) -> None:
    assert undress(line) == view


@given(strategies.texts)
def test_undressing_never_adds(text: str) -> None:
    for line in text.split("\n"):
        assert len(undress(line)) <= len(line)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("a\n    b\n", set(), id="indented text right under a line is no code"),
        pytest.param("- a\n\n    b\n", set(), id="indented text in a list is no code"),
        pytest.param("a\n\n\t\t| b |\n", set(), id="a lone cell of a table is no code"),
        pytest.param("---\n\nAfter a rule\n", set(), id="a rule is no front matter"),
        pytest.param("---\nno key here\n", set(), id="nor is one before text"),
        pytest.param("---\ntitle: a\n", set(), id="front matter that is not closed is none"),
        pytest.param("---\ntitle: a\ntags: [b]\n---\nc\n", {0, 1, 2, 3}, id="YAML front matter"),
        pytest.param('+++\ntitle = "a"\n+++\nc\n', {0, 1, 2}, id="TOML front matter"),
        pytest.param("\ufeff---\na: b\n---\n", {0, 1, 2}, id="front matter behind a byte-order mark"),
        pytest.param("a\n```\nb\n```\nc\n", {1, 2, 3}, id="fenced code"),
        pytest.param("~~~~\nb\n~~~\n~~~~\nc\n", {0, 1, 2, 3}, id="a fence is closed by as many marks"),
        pytest.param("a\n```\nb\n", {1, 2}, id="an open fence reaches to the end"),
        pytest.param("> ```\n> b\n> ```\nc\n", {0, 1, 2}, id="fenced code in a quotation"),
        pytest.param("a\n\n    b\n\n    c\nd\n", {2, 3, 4}, id="indented code with a blank line in it"),
        pytest.param("a\n\n\t| b | c |\n", {2}, id="a row of cells may be code"),
        pytest.param("\tb\na\n", {0}, id="indented code at the start"),
    ],
)
def test_lines_protected(text: str, lines: set[int]) -> None:
    assert protected_zones(split_lines(text)).lines == lines


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        pytest.param("a ` b", [], id="a lone backtick"),
        pytest.param("``a` b", [], id="runs of different length"),
        pytest.param("a `b` c", ["`b`"], id="inline code"),
        pytest.param("a ``b ` c`` d", ["``b ` c``"], id="inline code with a backtick in it"),
        pytest.param("a <!-- b --> c", ["<!-- b -->"], id="a comment"),
        pytest.param("a <!-- b\nc --> d", ["<!-- b", "c -->"], id="a comment over two lines"),
        pytest.param("a <!-- b", ["<!-- b"], id="an open comment"),
    ],
)
def test_spans_protected(text: str, spans: list[str]) -> None:
    zones = protected_zones(split_lines(text))
    assert [text[a:b] for found in zones.spans.values() for a, b in found] == spans


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "---\ntags: news\nupdated: 2024-02-03\nrelated: |\n  Similar News\n---\n" + PROSE, id="front matter"
        ),
        pytest.param(PROSE + "```\nAdvertisement\nIt rained. (turn0search1)\n```\n" + PROSE, id="fenced code"),
        pytest.param(PROSE + "\n    Advertisement\n\n" + PROSE, id="indented code"),
        pytest.param(PROSE + "<!--\nAdvertisement\n-->\n" + PROSE, id="a comment"),
        pytest.param("The mark `(turn0search1)` is left by a chatbot.\n", id="inline code"),
        pytest.param("`Advertisement`\n", id="a line of inline code"),
    ],
)
def test_no_rule_looks_inside(standard: Cleaner, text: str) -> None:
    assert standard.clean(text).text is text


def test_small_readings() -> None:
    assert [heading_rank(line) for line in ("# a", "### b", "#c", "####### d")] == [1, 3, 0, 0]
    assert [is_list_item(line) for line in ("- a", "3) b", "-c", "> * d")] == [True, True, False, True]
    assert [is_link(line) for line in ("- [a](b)", "[a](b) c", "a")] == [True, False, False]
