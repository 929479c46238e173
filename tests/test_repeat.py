"""Kind ``repeat``: what it must leave, then what it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import Cleaner, RuleError
from cleaner.engine import Engine
from tests.making import PROSE, lines, rule

SITE = "example.org"
MENU = ("Home", "Island News", "Sport")
KNOWN = rule(
    "repeat",
    site=SITE,
    lines=("Harbour", "Sign up for the island letter", "Posted by * on 3 May 2026"),
    runs=(MENU, ("Most read today", "Ferry fares go up")),
    begins=("Read more:",),
)


def left(text: str, *, site: str = SITE) -> str:
    return Engine([KNOWN]).of_site(site).settle(text).text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lines(PROSE[0], "Harbour", PROSE[1]), id="a short line between paragraphs may be a subhead"),
        pytest.param(lines("A title", "Sport", PROSE[0]), id="a line of a run stays without the run"),
        pytest.param(lines("Ferry fares go up", *PROSE[:2]), id="a headline of a run is the title of its own article"),
        pytest.param(lines("Home", "Ferry fares go up", *PROSE[:2]), id="lines of two runs are no company"),
        pytest.param(lines(PROSE[0], "Sign up for the island letter tomorrow", PROSE[1]), id="all words must be there"),
        pytest.param(lines(PROSE[0], "Posted by the harbour on 3 May 2026", PROSE[1]), id="one open word, not two"),
        pytest.param(
            lines(PROSE[0], "Read more: it is good for you.", PROSE[1]), id="no headline behind the beginning"
        ),
        pytest.param(lines("```", "Sign up for the island letter", "```", PROSE[0]), id="code"),
    ],
)
def test_keeps(text: str) -> None:
    assert left(text) == text


def test_holds_for_its_site_alone() -> None:
    text = lines("Sign up for the island letter", *PROSE[:2])
    assert left(text, site="example.com") == text
    assert Engine([KNOWN]).settle(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            lines(PROSE[0], "Sign up for the  island letter", PROSE[1]), lines(*PROSE[:2]), id="a line of four words"
        ),
        pytest.param(lines("- **HARBOUR**", *PROSE[:2]), lines(*PROSE[:2]), id="a short line at the edge of the text"),
        pytest.param(
            lines(PROSE[0], "Sign up for the island letter", "", "Harbour", PROSE[1]),
            lines(*PROSE[:2]),
            id="a short line beside one that goes",
        ),
        pytest.param(
            lines("Home", "Sport", *PROSE[:2]), lines(*PROSE[:2]), id="two of a run, one missing between them"
        ),
        pytest.param(
            lines(PROSE[0], "Most read today", "Ferry fares go up", PROSE[1]),
            lines(*PROSE[:2]),
            id="a run of headlines",
        ),
        pytest.param(
            lines(PROSE[0], "Posted by Kostas on 12 June 2027", PROSE[1]),
            lines(*PROSE[:2]),
            id="names and numbers vary",
        ),
        pytest.param(
            lines(PROSE[0], "Read more: Harbour closed for repairs", PROSE[1]),
            lines(*PROSE[:2]),
            id="a changing headline",
        ),
        pytest.param(lines("Home", "Sport", "Harbour"), "", id="nothing but chrome"),
    ],
)
def test_takes(text: str, expected: str) -> None:
    assert left(text) == expected
    assert left(expected) == expected


def test_a_site_is_known_by_its_host(tmp_path: Path) -> None:
    file = tmp_path / "learned.toml"
    file.write_text(RULE)
    text = lines("Sign up for the island letter", *PROSE[:2])
    cleaner = Cleaner(["standard", file])
    for site in ("example.org", "www.Example.org", "https://www.example.org/ferry.html"):
        assert cleaner.clean(text, site=site).text == lines(*PROSE[:2])
    assert cleaner.clean(text).text is text


RULE = """format = 1

[[rule]]
id = "repeats-of-example-org"
kind = "repeat"
category = "repeats"
level = "safe"
why = "A test."
site = "example.org"
lines = ["Sign up for the island letter"]
remove = ["Sign up for the island letter"]
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param('"example.org"', '"https://www.example.org/"', "write it as 'example.org'", id="a URL for a site"),
        pytest.param('lines = ["Sign up for the island letter"]', "", "knows nothing", id="no list at all"),
        pytest.param('lines = ["Sign', 'lines = [" ", "Sign', "no line of words", id="a blank line"),
        pytest.param('remove = ["Sign up for the island letter"]', "", "give lines that must go", id="no example"),
        pytest.param('lines = ["', 'begins = ["Read more"]\nlines = ["', "begins: 'Read more' must", id="no colon"),
        pytest.param('lines = ["', 'runs = ["Home"]\nlines = ["', "list of lists", id="a run that is no list"),
        pytest.param("remove =", 'keywords = ["letter"]\nremove =', "unknown key", id="keywords"),
    ],
)
def test_a_bad_rule_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in RULE
    file = tmp_path / "bad.toml"
    file.write_text(RULE.replace(old, new))
    with pytest.raises(RuleError, match=problem):
        Cleaner(file)
