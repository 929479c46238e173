"""Kind ``region``: what of a page it leaves alone, what it takes, and that it comes to rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.engine import Engine
from cleaner.kinds.region import best_run
from tests import strategies
from tests.making import PROSE, left, lines, rule

MENU = ("Home", "News", "Sport", "Weather", "Jobs", "Log in")
FOOT = ("Imprint", "Privacy", "Sitemap", "Contact", "Advertise", "Help")
REGION = rule("region", lean=1.25, menu=(*MENU, *FOOT))
TITLE = "Ferry back in service"
LEAD = "Ferry between the two islands back in service after winter of repairs"
FISH = ("herring", "mackerel", "lobster", "cod", "plaice", "sole")


@pytest.fixture(scope="module")
def page_cleaner() -> Cleaner:
    """The cleaner that the README names for whole pages."""
    return Cleaner(["standard", "page"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(lines(*MENU, *FOOT), id="no article"),
        pytest.param(lines(*MENU, "The ferry is back today.", *FOOT), id="too little prose to know one by"),
        pytest.param(lines(TITLE, *PROSE), id="an article alone"),
        pytest.param(lines(*MENU[:4], *PROSE, *FOOT[:4]), id="sides of a few lines"),
        pytest.param(lines(TITLE, "By Ann", *FISH, *PROSE), id="a head without a word of menus"),
        pytest.param(lines(TITLE, *PROSE[:-1], "The boats bring in:", *FISH), id="a tail without one"),
        pytest.param(lines(*PROSE[:2], *MENU[:2], *PROSE[2:]), id="what stands inside"),
        pytest.param(
            lines(*["Paragraphs of eight words that share not one: " + 9 * f" w{n}" + "." for n in range(9)]),
            id="no words in common",
        ),
        pytest.param(
            lines(*MENU[:4], "Home, she says, is where News and Weather and Sport are not.", *PROSE),
            id="a sentence that is made of words of menus",
        ),
        pytest.param(lines("---", "a: 1", "b: 2", "c: 3", "d: 4", "---", *PROSE), id="front matter"),
    ],
)
def test_region_keeps(text: str) -> None:
    assert left(text, REGION) == text


def test_a_side_of_paragraphs_keeps_what_stands_among_them() -> None:
    garden = (
        "Pruning in Winter",
        "Roses want a sharp blade and a dry day, and nobody should begin before the hard frosts are over.",
        "Feeding in Spring",
        "A spade of old manure around each stem does more than whatever is sold in coloured bags.",
    )
    remains = rule("region", lean=1.25, menu=(*MENU, *FOOT), paragraphs=False)
    page = lines(*MENU, *FOOT, *garden, *MENU, *PROSE)
    assert left(page, REGION) == lines(*PROSE), "the region is found, and this is outside of it"
    assert left(page, remains) == lines(*garden, *PROSE), "rows of known lines go"
    few = rule("region", lean=1.25, menu=(*MENU, *FOOT), paragraphs=False, least_known=7)
    assert left(page, few) == lines(*garden, *MENU, *PROSE), "but not shorter ones"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(lines(*MENU, *PROSE), lines(*PROSE), id="a menu before"),
        pytest.param(lines(*PROSE, *FOOT), lines(*PROSE), id="the foot behind"),
        pytest.param(lines(*MENU, *PROSE, *FOOT), lines(*PROSE), id="both"),
        pytest.param("\r".join((*MENU, *PROSE, *FOOT)), "\r".join(PROSE) + "\r", id="parted by carriage returns"),
        pytest.param(
            lines(f"{TITLE} - The Gazette", *MENU, TITLE, *PROSE),
            lines(TITLE, *PROSE),
            id="from the line that repeats the title",
        ),
        pytest.param(
            lines(*MENU, *PROSE[:-1], "The boats bring in:", *FISH * 3, *FOOT),
            lines(*PROSE[:-1], "The boats bring in:", *FISH * 3),
            id="but not the list that the last paragraph announces",
        ),
        pytest.param(lines(*MENU, *PROSE, *FISH), lines(*PROSE, *FISH), id="but not a side of which no line is known"),
        pytest.param(
            lines("Gazette", *MENU, *MENU, LEAD, *MENU[:2], *PROSE),
            lines(LEAD, *MENU[:2], *PROSE),
            id="but not a lead close before the article",
        ),
        pytest.param(
            lines("---", "a: 1", "---", *MENU, *PROSE), lines("---", "a: 1", "---", *PROSE), id="but not front matter"
        ),
    ],
)
def test_region_takes(text: str, expected: str) -> None:
    assert left(text, REGION) == expected


CAPTION = "The harbour master said to passengers that the new engine of the ferry carries the catch between islands"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            lines("Gazette", *MENU, *MENU, LEAD, *MENU, *MENU, *PROSE),
            lines(*PROSE),
            id="no lead where no line is the title",
        ),
        pytest.param(
            lines(f"{TITLE} - The Gazette", *MENU, TITLE, *MENU, LEAD, *MENU, *PROSE),
            lines(TITLE, LEAD, *PROSE),
            id="title and lead, far above",
        ),
        pytest.param(
            lines(
                f"{TITLE} - The Gazette", *MENU, TITLE, *MENU, "Tennis star leaves the great tournament", *MENU, *PROSE
            ),
            lines(TITLE, *PROSE),
            id="no lead that speaks of something else",
        ),
        pytest.param(lines(*PROSE, *FOOT, CAPTION, *FOOT), lines(*PROSE, CAPTION), id="a caption far below"),
        pytest.param(
            lines(*PROSE, *FOOT, CAPTION.replace("engine", "lawnmower").replace("ferry", "garden"), *FOOT),
            lines(*PROSE),
            id="no line that knows other words too",
        ),
    ],
)
def test_region_leaves_the_article_s_own_lines(text: str, expected: str) -> None:
    assert left(text, REGION) == expected


def test_the_core_is_in_the_region() -> None:
    short = ("The ferry is back.", "It sails at nine each day.")
    page = lines(*MENU, *MENU, PROSE[0], *short, PROSE[1], *short, PROSE[2], PROSE[3], *FOOT, *FOOT)
    assert left(page, REGION) == lines(PROSE[0], *short, PROSE[1], *short, PROSE[2], PROSE[3])


def test_a_side_without_a_known_line_goes_where_the_other_has_enough() -> None:
    page = lines(*MENU, *PROSE, *FISH)
    assert left(page, rule("region", lean=0.0, least_known=2, sure_known=len(MENU), menu=MENU)) == lines(*PROSE)
    assert left(page, rule("region", lean=0.0, least_known=2, sure_known=len(MENU) + 1, menu=MENU)) == lines(
        *PROSE, *FISH
    )


@pytest.mark.parametrize(
    ("word", "written"),
    [("Επικοινωνία", "ΕΠΙΚΟΙΝΩΝΙΑ"), ("à propos", "A PROPOS"), ("über uns", "Über uns"), ("новости", "НОВОСТИ")],
)
def test_words_of_menus_match_without_accents(word: str, written: str) -> None:
    made = rule("region", lean=1.25, menu=(word,))
    assert left(lines(*PROSE, *[written] * 6), made) == lines(*PROSE)


def test_a_look_before_a_kind_holds_what_others_struck() -> None:
    ad = rule("line", name="ad", pattern="advertisement", keywords=("advertisement",))
    look = Engine([ad, REGION]).look_before("region", lines(*MENU, "Advertisement", *PROSE))
    assert [strike.rule_id for strike in look.strikes] == ["ad"]


def test_without_paragraphs_those_outside_stay() -> None:
    other = "Whoever buys two pairs of shoes today gets a third one for nothing at all, says the shop."
    page = lines(*PROSE, *FOOT, other, *FOOT * 2)
    assert left(page, REGION) == lines(*PROSE)
    assert left(page, rule("region", lean=1.25, paragraphs=False, menu=FOOT)) == lines(*PROSE, other)


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        pytest.param({"least_lines": 19, "least_known": 1}, (), id="enough of both"),
        pytest.param({"least_lines": 20}, (*FISH * 3, "Help"), id="too few lines"),
        pytest.param({"least_known": 2}, (*FISH * 3, "Help"), id="too few of which are known"),
    ],
)
def test_a_side_must_be_a_page_s(bounds: dict[str, int], expected: tuple[str, ...]) -> None:
    made = rule("region", lean=0.0, menu=("Help",), **bounds)
    assert left(lines(*PROSE, *FISH * 3, "Help"), made) == lines(*PROSE, *expected)


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(FISH, id="a list that nothing announces"),
        pytest.param(
            ("Sat 12 May: Rovers v Town", "Sun 13 May: City v United", "Wed 16 May: Albion v County"), id="fixtures"
        ),
        pytest.param(("The sea is grey", "the gulls are gone", "and so", "are we"), id="a poem"),
        pytest.param(
            ("Ann: And then?", "Bob: We sail.", "Ann: When?", "Bob: At nine.", "Ann: Thank you."), id="an interview"
        ),
    ],
)
def test_a_few_lines_before_the_first_of_a_page_stay(rest: tuple[str, ...]) -> None:
    assert left(lines(*MENU, *PROSE, *rest, *FOOT, *FISH, *FOOT), REGION) == lines(*PROSE, *rest)


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(FISH * 3, id="many"),
        pytest.param([f"Tennis star number {n} leaves the great tournament" for n in range(6)], id="other headlines"),
    ],
)
def test_more_lines_before_the_first_of_a_page_go(rest: tuple[str, ...]) -> None:
    assert left(lines(*MENU, *PROSE, *rest, *FOOT), REGION) == lines(*PROSE)


def test_a_page_does_not_count_as_lost_article(page_cleaner: Cleaner) -> None:
    page = lines(TITLE, *MENU * 20, *PROSE, *FOOT * 20)
    result = page_cleaner.clean(page)
    assert result.flags == ()
    assert len(result.text) < len(page) / 2


def test_the_set_page_holds_what_no_other_set_does() -> None:
    page, others = ({rule.id for rule in Cleaner(name).rule_set.rules} for name in ("page", "aggressive"))
    assert page
    assert not page & others


def test_a_user_s_file_may_include_it(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('format = 1\ninclude = ["standard", "page"]\n', encoding="utf-8")
    assert Cleaner(tmp_path / "mine.toml").rules_digest == Cleaner(["standard", "page"]).rules_digest


menus = st.lists(st.sampled_from([*MENU, *FOOT, "Facebook", "Newsletter", "Über uns", "Контакты"]), min_size=8)
articles = st.lists(strategies.paragraphs(), min_size=4, max_size=12)


@given(head=menus, body=articles, foot=menus)
def test_the_paragraphs_of_a_page_survive(
    page_cleaner: Cleaner, head: list[str], body: list[str], foot: list[str]
) -> None:
    cleaned = page_cleaner.clean("\n".join([*head, *body, *foot])).text
    assert "\n".join(body) in cleaned


@given(page=strategies.pages(), head=menus, foot=menus)
def test_idempotent(page_cleaner: Cleaner, page: strategies.Page, head: list[str], foot: list[str]) -> None:
    once = page_cleaner.clean("\n".join([*head, page.text, *foot])).text
    assert page_cleaner.clean(once).text == once


@settings(max_examples=400)
@given(st.lists(st.integers(-9, 9), max_size=9))
def test_best_run_is_the_best(worths: list[int]) -> None:
    first, last = best_run(worths)
    ends = range(len(worths))
    best = max((sum(worths[a : b + 1]) for a in ends for b in ends if a <= b), default=0)
    assert sum(worths[first : last + 1]) == max(best, 0)
