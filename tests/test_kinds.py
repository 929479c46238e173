"""Each kind alone: what it must leave, then what it takes."""

from __future__ import annotations

import pytest

from cleaner.kinds import JUDGES, KINDS
from cleaner.kinds.teaser import gate
from tests.making import PROSE, left, lines, rule

AD = rule("line", keywords=("buy now",), pattern=r"buy now\W*")
HEAD = rule("line", keywords=("by ann",), pattern=r"by ann", where="head")
TAIL = rule("line", keywords=("by ann",), pattern=r"by ann.*", where="tail")


def test_every_kind_has_its_place_in_the_order() -> None:
    assert set(KINDS) == {name for name, _ in JUDGES}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Buy now and pay later", id="the pattern must match the whole line"),
        pytest.param("He said: buy now!", id="also from its beginning"),
        pytest.param(
            "Do not be told by anyone who calls to\nbuy now\nand to pay in a year or two, she says.",
            id="a piece of a wrapped sentence",
        ),
        pytest.param("`Buy now`", id="code"),
        pytest.param("buy now" + "!" * 300, id="a line longer than the rule allows"),
    ],
)
def test_line_keeps(text: str) -> None:
    assert left(text, AD) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(lines(PROSE[0], "BUY NOW!", PROSE[1]), lines(PROSE[0], PROSE[1]), id="case does not count"),
        pytest.param(lines(PROSE[0], "- **Buy\u00a0now**", PROSE[1]), lines(PROSE[0], PROSE[1]), id="nor does dress"),
        pytest.param(
            lines(PROSE[0], "[Buy *now*](x)", PROSE[1]), lines(PROSE[0], PROSE[1]), id="dress inside the keyword"
        ),
        pytest.param(lines("buy now"), "", id="the only line"),
    ],
)
def test_line_takes(text: str, expected: str) -> None:
    assert left(text, AD) == expected


@pytest.mark.parametrize(
    ("text", "made"),
    [
        pytest.param(lines(PROSE[0], "By Ann", PROSE[1]), HEAD, id="head: not between paragraphs"),
        pytest.param(lines(PROSE[0], "By Ann"), HEAD, id="head: not at the tail"),
        pytest.param(lines("By Ann", PROSE[0]), TAIL, id="tail: not at the head"),
        pytest.param(lines("By Ann", "A poem"), HEAD, id="head: there is none without prose"),
        pytest.param(lines("A poem", "By Ann"), TAIL, id="tail: nor is there a tail"),
    ],
)
def test_placed_line_keeps(text: str, made: object) -> None:
    assert left(text, made) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "made", "expected"),
    [
        pytest.param(lines("Ferry", "By Ann", PROSE[0]), HEAD, lines("Ferry", PROSE[0]), id="head"),
        pytest.param(lines(PROSE[0], "By Ann", "x"), TAIL, lines(PROSE[0], "x"), id="tail"),
        pytest.param(
            lines(PROSE[0], "By Ann, who has written for this paper since it was founded."),
            TAIL,
            lines(PROSE[0]),
            id="tail: a line that is prose itself but matches",
        ),
    ],
)
def test_placed_line_takes(text: str, made: object, expected: str) -> None:
    assert left(text, made) == expected  # type: ignore[arg-type]


AUTHOR = rule(
    "line",
    keywords=(" writes for ",),
    pattern=r"(?P<name>(?-i:[A-Z])\w+ (?-i:[A-Z])\w+) writes for .{3,80}",
    where="tail",
    stranger=True,
)
BIO_LINES = (
    "Ann Lee writes for the paper and lives in a house by the river.",
    "Bo Lee writes for nobody in this town.",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(lines(PROSE[0], BIO_LINES[0]), lines(PROSE[0]), id="the article never names her"),
        pytest.param(lines(PROSE[0], *BIO_LINES), lines(PROSE[0]), id="nor do other bios count"),
        pytest.param(
            lines("The first boats of the year came in, and Lee was there.", BIO_LINES[0]),
            lines("The first boats of the year came in, and Lee was there.", BIO_LINES[0]),
            id="the article is about her",
        ),
        pytest.param(lines("By Ann Lee", PROSE[0], BIO_LINES[0]), lines("By Ann Lee", PROSE[0]), id="bylines name her"),
    ],
)
def test_only_a_stranger_goes(text: str, expected: str) -> None:
    assert left(text, AUTHOR) == expected


JURY = ("Ann Lee writes for the paper.", "Bo Ross writes for the radio.", "Cy Moor writes for the stage.")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lines(PROSE[0], "The speaker", JURY[0]), id="under its own heading"),
        pytest.param(lines(PROSE[0], "The jury:", "", JURY[0], "", JURY[1]), id="two under one heading"),
        pytest.param(lines(PROSE[0], *JURY), id="more people than write one article"),
    ],
)
def test_bios_of_the_article_itself_stay(text: str) -> None:
    assert left(text, AUTHOR) == text


@pytest.mark.parametrize(
    "over", ["Ann Lee, Harbour Desk", "See you on the quay!", "- a rope and a bucket", "* * *", "By Ann Lee"]
)
def test_what_heads_no_bio(over: str) -> None:
    assert left(lines(PROSE[0], over, JURY[0]), AUTHOR) == lines(PROSE[0], over)


def test_a_bio_that_a_page_prints_three_times_is_of_one_author() -> None:
    assert left(lines(PROSE[0], *[JURY[0]] * 3), AUTHOR) == lines(PROSE[0])


def test_a_label_of_a_sidebar_heads_no_bio() -> None:
    assert left(lines(PROSE[0], "208", "Articles", "Socials:", JURY[0]), AUTHOR) == lines(
        PROSE[0], "208", "Articles", "Socials:"
    )


CREDIT = rule(
    "line",
    keywords=("photo:",),
    pattern=r"photo: (?P<name>(?-i:[A-Z])\w+ (?-i:[A-Z])\w+)",
    stranger=True,
)
LEE_SPEAKS = "The first boats of the year came in, and Lee was there."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(lines(LEE_SPEAKS, "Photo: Ann Lee"), lines(LEE_SPEAKS, "Photo: Ann Lee"), id="below the story"),
        pytest.param(
            lines(PROSE[0], "Photo: Ann Lee", LEE_SPEAKS), lines(PROSE[0], "Photo: Ann Lee", LEE_SPEAKS), id="inside it"
        ),
        pytest.param(lines(PROSE[0], "Photo: Bo Reed", LEE_SPEAKS), lines(PROSE[0], LEE_SPEAKS), id="nobody it knows"),
        pytest.param(lines(PROSE[0], "Photo: Ann Lee", "Photo: Ann Lee"), lines(PROSE[0]), id="credits name her alone"),
    ],
)
def test_only_strangers_took_the_picture(text: str, expected: str) -> None:
    assert left(text, CREDIT) == expected


BUTTONS = rule("line", keywords=("all cookies",), pattern=r"(?:accept|reject) all cookies", button=True)
NOTICE = rule("line", keywords=("we use cookies",), pattern=r"we use cookies\.?", name="notice")
ACCEPT, REJECT = "Accept all cookies", "Reject all cookies"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lines(PROSE[0], ACCEPT, PROSE[1]), id="a subhead"),
        pytest.param(lines(PROSE[0], "The buttons say:", ACCEPT, "", REJECT, PROSE[1]), id="announced"),
        pytest.param(lines(PROSE[0], "The buttons say:", ACCEPT, REJECT), id="announced, at the end"),
        pytest.param(lines(PROSE[0], f"- {ACCEPT}", "- Settings", PROSE[1]), id="one item of a list"),
        pytest.param(lines(PROSE[0], f"1. {ACCEPT}", f"2. {REJECT}", PROSE[1]), id="a list"),
        pytest.param(lines(PROSE[0], f"- {ACCEPT}", f"- {REJECT}"), id="a list at the end"),
    ],
)
def test_buttons_the_article_speaks_of_stay(text: str) -> None:
    assert left(text, BUTTONS, NOTICE) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(lines(PROSE[0], ACCEPT, REJECT, PROSE[1]), lines(*PROSE[:2]), id="a row of buttons"),
        pytest.param(lines(PROSE[0], "We use cookies", ACCEPT, PROSE[1]), lines(*PROSE[:2]), id="beside the notice"),
        pytest.param(lines(PROSE[0], "We use cookies", f"- {ACCEPT}", PROSE[1]), lines(*PROSE[:2]), id="an item there"),
        pytest.param(lines(ACCEPT, PROSE[0]), lines(PROSE[0]), id="before the article"),
        pytest.param(lines(PROSE[0], ACCEPT), lines(PROSE[0]), id="behind it"),
        pytest.param(lines(ACCEPT), "", id="alone"),
    ],
)
def test_buttons_of_the_page_go(text: str, expected: str) -> None:
    assert left(text, BUTTONS, NOTICE) == expected


TOKEN = rule("inline", keywords=("[x1]",), pattern=r"\[x1\]")
BARE = rule("inline", keywords=("x1y2",), pattern=r"\bx1y2\b", after_sentence=True)
UNWRAP = rule("inline", keywords=("<q>",), pattern=r"(?P<drop><q>)[^<\n]{0,80}(?P<drop></q>)")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        pytest.param("The mark `[x1]` is code.", TOKEN, id="inline code"),
        pytest.param("They write \u201cfoo [x1] bar\u201d there.", TOKEN, id="curly quotes"),
        pytest.param('They write "foo [x1]" there.', TOKEN, id="straight quotes"),
        pytest.param("They write «[x1]» there.", TOKEN, id="guillemets"),
        pytest.param("They write '[x1]' there.", TOKEN, id="single quotes right around it"),
        pytest.param("The token x1y2 is a bare word.", BARE, id="a bare word inside a sentence"),
        pytest.param("A sentence ends.x1y2", BARE, id="glued to the sentence's end"),
        pytest.param("An open <q>mark without its end.", UNWRAP, id="half a pair"),
    ],
)
def test_inline_keeps(text: str, made: object) -> None:
    assert left(text, made) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "made", "expected"),
    [
        pytest.param("It rained [x1] all day.", TOKEN, "It rained all day.", id="in the middle"),
        pytest.param(
            '"It rained," he said. [x1] "It did."', TOKEN, '"It rained," he said. "It did."', id="between quotations"
        ),
        pytest.param("It rained. x1y2", BARE, "It rained.", id="a bare word behind the sentence"),
        pytest.param("It rained. x1y2 x1y2 Then not.", BARE, "It rained. Then not.", id="a row of bare words"),
        pytest.param("It <q>really rained</q> there.", UNWRAP, "It really rained there.", id="only the marks go"),
        pytest.param(lines("[x1]", "It rained."), TOKEN, lines("It rained."), id="a line of nothing else"),
    ],
)
def test_inline_takes(text: str, made: object, expected: str) -> None:
    assert left(text, made) == expected  # type: ignore[arg-type]


def test_a_form_that_people_write_goes_only_in_company() -> None:
    shy = rule("inline", keywords=("[w:",), pattern=r"\[w:\d\]", beside="related", name="shy")
    assert left("It rained. [w:1]", shy, TOKEN) == "It rained. [w:1]"
    assert left("It rained. [w:1] Then not. [x1]", shy, TOKEN) == "It rained. Then not."
    assert left("It rained. [w:1] Then `[x1]`.", shy, TOKEN) == "It rained. [w:1] Then `[x1]`."


def test_of_two_tokens_that_meet_the_longer_goes() -> None:
    longer = rule("inline", keywords=("([x1]",), pattern=r"\(\[x1\]\)", name="zz-longer")
    assert left("It rained ([x1]).", TOKEN, longer) == "It rained."


LIST = rule("section", keywords=("similar news",), heading=r"similar news")
ANYWHERE = rule("section", keywords=("similar news",), heading=r"similar news", where="anywhere")
BIO = rule("section", keywords=("about the author",), heading="about the author", paragraph=r"Ann \w+ is .*")
OTHER = rule("section", keywords=("most read",), heading="most read", name="other")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        pytest.param(lines("Similar news", "A headline", PROSE[0]), LIST, id="before the article"),
        pytest.param(lines(PROSE[0], "Similar news", PROSE[1]), LIST, id="a subhead over a paragraph"),
        pytest.param(lines("Similar news", "a", "b"), LIST, id="no prose at all"),
        pytest.param(lines(PROSE[0], "Similar news", "| a | b |", "| 1 | 2 |"), LIST, id="a table under it"),
        pytest.param(lines(PROSE[0], "Similar news", "```", "code", "```"), LIST, id="code under it"),
        pytest.param(
            lines(PROSE[0], "## Similar news", "- a", "", "## Results", "- b"), LIST, id="a heading of the same rank"
        ),
        pytest.param(
            lines(PROSE[0], "Similar news", PROSE[1] + " https://example.org/ferry"),
            LIST,
            id="a paragraph and an address",
        ),
        pytest.param(lines(PROSE[0], "Similar news", PROSE[1]), ANYWHERE, id="inside: a heading over a paragraph"),
        pytest.param(lines(PROSE[0], "About the author", PROSE[1]), BIO, id="a paragraph that is no bio"),
    ],
)
def test_section_keeps(text: str, made: object) -> None:
    assert left(text, made) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "made", "expected"),
    [
        pytest.param(
            lines(PROSE[0], "", "Similar news", "", "A headline", "B"), LIST, lines(PROSE[0]), id="to the end"
        ),
        pytest.param(lines(PROSE[0], "Similar news"), LIST, lines(PROSE[0]), id="a bare heading"),
        pytest.param(
            lines(PROSE[0], "## Similar news", "- [a](x)", "- [b](y)", "", "## Results", PROSE[1]),
            ANYWHERE,
            lines(PROSE[0], "", "## Results", PROSE[1]),
            id="inside: to the next heading",
        ),
        pytest.param(
            lines(PROSE[0], "Similar news", "- a", "- b", PROSE[1]),
            ANYWHERE,
            lines(PROSE[0], PROSE[1]),
            id="inside: dressed items",
        ),
        pytest.param(
            lines(PROSE[0], "Similar news", "A headline", "The New Engine", PROSE[1]),
            ANYWHERE,
            lines(PROSE[0], "The New Engine", PROSE[1]),
            id="inside: what may be the subhead of the next paragraph stays",
        ),
        pytest.param(
            lines(PROSE[0], "About the author", "Ann Lee is a writer who lives by the sea with her dog.", "Twitter"),
            BIO,
            lines(PROSE[0]),
            id="a bio that is prose",
        ),
    ],
)
def test_section_takes(text: str, made: object, expected: str) -> None:
    assert left(text, made) == expected  # type: ignore[arg-type]


def test_a_section_ends_where_the_next_begins() -> None:
    from cleaner.engine import Engine

    text = lines(PROSE[0], "Similar news", "A headline", "Most read", "Another headline")
    found = Engine([LIST, OTHER]).look(text)
    assert [(text[r.start : r.end], r.rule_id) for r in found] == [
        (lines("Similar news", "A headline"), "made"),
        (lines("Most read", "Another headline"), "other"),
    ]


RUN = rule("teaser", place="tail", most_shared=0.35)
LONE = rule("teaser", place="inside", most_shared=0.25)
HEADLINES = (
    "Tennis Star Withdraws From Autumn Tournament After Knee Surgery",
    "Central Bank Leaves Interest Rates Unchanged for Third Month",
    "Museum Opens First Exhibition Devoted to Wartime Photography",
)
CUT = (
    "The former champion will miss the rest of the season and hopes to come back in",
    "Economists had expected a cut of a quarter point, but inflation has proved mo",
    "More than two hundred prints, many of them never seen before, are hung in a fo",
)


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param(HEADLINES[:2], id="two headlines are no run"),
        pytest.param(("What is on in town:", *HEADLINES), id="announced by a colon"),
        pytest.param(("The ferry in the news", *HEADLINES), id="headed by words of the article"),
        pytest.param(
            (
                "Ferry Times for Harbour Passengers This Winter",
                "Island Tickets and Repairs at the Market",
                "New Engine and Council Money for Fishermen",
            ),
            id="words of the article",
        ),
        pytest.param(
            (
                "12 May \u2013 Berlin, Tempodrom Hall, doors at seven",
                "14 May \u2013 Vienna, Old Arena, doors at eight",
                "15 May \u2013 Prague, Lucerna Palace, doors at eight",
            ),
            id="tour dates",
        ),
        pytest.param(
            (
                "200 grams of flour from stone mills",
                "Two eggs from hens kept outdoors",
                "A pinch of salt and black pepper",
            ),
            id="ingredients",
        ),
        pytest.param(
            tuple(f"Average cost of cleaning services in {city}" for city in ("Tulsa", "Reno", "Utica")),
            id="items of one list",
        ),
        pytest.param(tuple(f"- {line}." for line in HEADLINES), id="sentences"),
    ],
)
def test_teaser_keeps_tail(tail: tuple[str, ...]) -> None:
    text = lines(*PROSE, *tail)
    assert left(text, RUN) == text


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param(HEADLINES, id="headlines alone"),
        pytest.param(
            [part for pair in zip(HEADLINES, CUT, strict=True) for part in pair], id="teasers cut at one length"
        ),
        pytest.param(
            [part for h, c in zip(HEADLINES, CUT, strict=True) for part in (h, c[:60] + "...")],
            id="teasers with an ellipsis",
        ),
        pytest.param([part for h in HEADLINES for part in (h, "")], id="blank lines between"),
    ],
)
def test_teaser_takes_tail(tail: list[str]) -> None:
    assert left(lines(*PROSE, *tail), RUN) == lines(*PROSE)


def test_teaser_needs_prose_to_compare_with() -> None:
    text = lines(*PROSE[:2], *HEADLINES)
    assert left(text, RUN) == text


@pytest.mark.parametrize(
    "between",
    [
        pytest.param((HEADLINES[0],), id="a lone headline may be a subhead"),
        pytest.param(
            ("Second Ship for Fishermen as Council Finds Money in Market Town", "The new engine"),
            id="words of the article",
        ),
        pytest.param((HEADLINES[0], HEADLINES[1]), id="two strangers: neither is the subhead of what follows"),
        pytest.param(("- " + HEADLINES[0], "The new engine"), id="an item of a list"),
        pytest.param((HEADLINES[0] + ":", "The new engine"), id="what ends in a colon introduces"),
        pytest.param(
            ("Tournaments: Tennis, Chess, Badminton, Fencing, Archery, Judo", "The new engine"), id="a list of facts"
        ),
    ],
)
def test_teaser_keeps_inside(between: tuple[str, ...]) -> None:
    text = lines(*PROSE[:3], *between, *PROSE[3:])
    assert left(text, LONE) == text


def test_teaser_takes_inside() -> None:
    text = lines(*PROSE[:3], HEADLINES[0], "The new engine of the ferry", *PROSE[3:])
    assert left(text, LONE) == lines(*PROSE[:3], "The new engine of the ferry", *PROSE[3:])


COPYRIGHT = rule("line", keywords=("copyright",), pattern=r"copyright \d{4} .{3,40}", ends=True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lines(PROSE[0], "Copyright law", "Imprint"), id="no end marker without its line"),
        pytest.param(lines("Ferry", "Jobs", PROSE[0]), id="nothing went"),
    ],
)
def test_end_marker_keeps(text: str) -> None:
    assert left(text, COPYRIGHT) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            lines(PROSE[0], "Copyright 2024 Ferry Line", "Jobs", "", "Imprint"), lines(PROSE[0]), id="all behind it"
        ),
        pytest.param(
            lines(PROSE[0], "Copyright 2024 Ferry Line", "Jobs", PROSE[1]),
            lines(PROSE[0], "Jobs", PROSE[1]),
            id="not with a paragraph behind it",
        ),
        pytest.param(
            lines("Copyright 2024 Ferry Line", "Jobs", PROSE[1]), lines("Jobs", PROSE[1]), id="not before the article"
        ),
        pytest.param(
            lines(PROSE[0], "Copyright 2024 Ferry Line", "| a | 1 |", "| b | 2 |"),
            lines(PROSE[0], "| a | 1 |", "| b | 2 |"),
            id="not with a table of data behind it",
        ),
        pytest.param(
            lines(PROSE[0], "Copyright 2024 Ferry Line", "Jobs", "```", "x", "```"),
            lines(PROSE[0], "Jobs", "```", "x", "```"),
            id="nor with code",
        ),
    ],
)
def test_end_marker_takes(text: str, expected: str) -> None:
    assert left(text, COPYRIGHT) == expected


LAYOUT = rule("edge", sign="layout-table", most_shared=0.35, least_items=1)
DATED = rule("edge", sign="dated-list", most_shared=0.4)
DATED_NEWS = tuple(f"- {headline} 2024-05-1{9 - n} 18:40" for n, headline in enumerate(HEADLINES))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        pytest.param(lines("| Home | |", "| Jobs |"), LAYOUT, id="layout: no prose to compare with"),
        pytest.param(
            lines(*PROSE[:3], "| Home | |", "| a | b | c |", *PROSE[3:]), LAYOUT, id="layout: between paragraphs"
        ),
        pytest.param(
            lines(*PROSE, "| Town | Boats |", "| Skell | 12 |", "| Tarn | 7 |"), LAYOUT, id="layout: a regular table"
        ),
        pytest.param(
            lines("| Ferry back between islands | |", *PROSE), LAYOUT, id="layout: a title of the article's words"
        ),
        pytest.param(
            lines(*PROSE, "| | " + " ".join(["Wholly other words"] * 12) + " | |"),
            LAYOUT,
            id="layout: a row that holds a paragraph",
        ),
        pytest.param(lines("| 2024-05-01 EST 10:30 |", *PROSE), LAYOUT, id="layout: nothing but a date"),
        pytest.param(lines(*PROSE, *DATED_NEWS[:2]), DATED, id="dated: two are no list"),
        pytest.param(lines(*PROSE, *DATED_NEWS[::-1]), DATED, id="dated: rising dates are a calendar"),
        pytest.param(lines(*PROSE, "All events:", *DATED_NEWS), DATED, id="dated: announced by a colon"),
        pytest.param(
            lines(*PROSE, *(f"Ferry and harbour engine {n}, repairs of the winter 2024-05-1{9 - n}" for n in range(3))),
            DATED,
            id="dated: words of the article",
        ),
        pytest.param(
            lines(*PROSE, *(f"Whole white bread of another bakery g/kg (≤0.{n}/1.{n})" for n in (9, 7, 5))),
            DATED,
            id="dated: limits and measured values",
        ),
        pytest.param(
            lines(*PROSE, "Skell 2024-05-19", "Tarn 2024-05-18", "Mill 2024-05-17"),
            DATED,
            id="dated: too few words before the dates",
        ),
    ],
)
def test_edge_keeps(text: str, made: object) -> None:
    assert left(text, made) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        pytest.param(lines("| Home | |", "| Jobs | Cars | Log in |", *PROSE), LAYOUT, id="layout: at the head"),
        pytest.param(lines(*PROSE, "| Imprint | |"), LAYOUT, id="layout: at the tail"),
        pytest.param(lines(*PROSE, *DATED_NEWS), DATED, id="dated: newest first"),
        pytest.param(lines(*PROSE) + "\r".join(DATED_NEWS), DATED, id="dated: parted by carriage returns"),
        pytest.param(
            lines(*(f"{line} 评论{n}条" for n, line in enumerate(HEADLINES)), *PROSE),
            DATED,
            id="dated: counts of comments",
        ),
    ],
)
def test_edge_takes(text: str, made: object) -> None:
    assert left(text, made) == lines(*PROSE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        pytest.param("", False, id="empty"),
        pytest.param(lines(*PROSE), False, id="prose alone"),
        pytest.param(lines("Title", *PROSE), False, id="a title and prose"),
        pytest.param(lines(*PROSE, "One", "", "Two"), True, id="two lines in a row that end in no full stop"),
        pytest.param(lines(*PROSE, "One...", "Two..."), True, id="an ellipsis is no full stop"),
        pytest.param("One\rTwo\r", True, id="carriage returns"),
    ],
)
def test_teaser_gate(text: str, opens: bool) -> None:
    assert gate(text) is opens


BIO = rule(
    "bio",
    keywords=("writer", "years"),
    opens=r"(?P<name>[\w ]+?) (?:is|has) .+",
    goes_on=r"(?:he|she) .+",
    signs=r"(?P<work>writer)|(?P<years>years)|(?P<school>degree)|(?P<home>dogs)",
    never="said",
    byline="^by |^(?P<explicit>written by .* 2024)",
    post="staff|author",
    least_signs=2,
)
BY_ANN = ("By Ann Reed", *PROSE)
ANN = "Ann Reed is a writer of nine years with a degree in law and two dogs in the hills."
GOES = "She lives in the hills with two dogs, and in the summer she rows on the lake."


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param((ANN.replace("Ann Reed", "The harbour master"),), id="somebody the article names"),
        pytest.param((ANN.replace("degree", "bent"),), id="one paragraph with the signs of two"),
        pytest.param((ANN, GOES.replace("dogs", "boats")), id="a paragraph without a sign"),
        pytest.param((ANN, "In the evening the last ship left, and the harbour was dark again."), id="body behind"),
        pytest.param((ANN, *(f"Link {n}" for n in range(11))), id="too far from the end"),
        pytest.param((ANN.replace("Ann", "Ben").replace("Reed", "Lee"), "", ANN), id="a list of people"),
        pytest.param(("A new hand on deck", ANN), id="a heading without the name"),
        pytest.param((ANN, "She said so."), id="a word of news in a short line"),
        pytest.param((ANN, GOES.replace("and in", "she said, and in")), id="a word of news"),
        pytest.param((ANN, "```", GOES, "```"), id="code"),
    ],
)
def test_bio_keeps(tail: tuple[str, ...]) -> None:
    assert left(lines(*BY_ANN, *tail), BIO) == lines(*BY_ANN, *tail)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param((), id="no byline"),
        pytest.param(("Ann Reed leads the library",), id="a headline that names her"),
        pytest.param(("By Ben Lee",), id="another author"),
        pytest.param((PROSE[0], "By Ann Reed"), id="behind the first paragraph"),
        pytest.param((*PROSE[:3], "Written by Ann Reed, 2024"), id="behind a third paragraph"),
        pytest.param((PROSE[0], "Written by Ben Lee, 2024"), id="written by another"),
        pytest.param((f"Written by Ann Reed in 2024: {PROSE[0]}",), id="a paragraph that begins as a byline does"),
    ],
)
def test_a_bio_needs_an_author(head: tuple[str, ...]) -> None:
    assert left(lines(*head, *PROSE, ANN, GOES), BIO) == lines(*head, *PROSE, ANN, GOES)


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param((ANN,), id="one paragraph"),
        pytest.param((ANN, GOES), id="two"),
        pytest.param((ANN.replace("degree", "bent"), GOES), id="fewer signs in two"),
        pytest.param(("Ann Reed", "Staff", ANN), id="name and post over it"),
        pytest.param((ANN, "Reed on the air"), id="a line with the name behind it"),
    ],
)
def test_bio_takes(tail: tuple[str, ...]) -> None:
    assert left(lines(*BY_ANN, *tail), BIO) == lines(*BY_ANN)


@pytest.mark.parametrize("over", [PROSE[:1], PROSE[:2]], ids=["a disclosure", "and a summary"])
def test_an_explicit_byline_may_stand_under(over: tuple[str, ...]) -> None:
    head = (*over, "Written by Ann Reed, 2024", *PROSE)
    assert left(lines(*head, ANN, GOES), BIO) == lines(*head)


@pytest.mark.parametrize("over", [("Ann Reed", "Staff"), ("Ann Reed, author",)])
def test_a_bio_under_its_author_needs_no_byline(over: tuple[str, ...]) -> None:
    assert left(lines(*PROSE, *over, ANN), BIO) == lines(*PROSE)


def test_a_bio_needs_an_article() -> None:
    assert left(lines("By Ann Reed", PROSE[0], ANN), BIO) == lines("By Ann Reed", PROSE[0], ANN)


@pytest.mark.parametrize(
    "paragraph", [PROSE[0], "घाट के पास रहने वाले लोग हर सुबह नाव से शहर जाते हैं।"], ids=["Latin", "Hindi"]
)
@pytest.mark.parametrize(
    "note",
    [
        "[web:1, web:4]",
        "[3, 4]",
        "turn0search1",
        "[example.org](dead://1)",
        "[the minutes of May](dead://2)",
        ":::",
        "> :::",
        ':::note{kind="tip" of="ferries"}',
        "<br/>",
        "\ue203Sheep cross it first\ue204",
        "\ue203sheep cross it first\ue204",
        "-->",
    ],
)
def test_a_paragraph_with_a_note_behind_it_stays_behind_the_end(paragraph: str, note: str) -> None:
    end = rule("line", name="end", keywords=("gazette",), pattern="\u00a9 gazette", where="tail", ends=True)
    token = rule("inline", name="token", keywords=("turn0",), pattern=r"turn0search\d+")
    link = rule("inline", name="link", keywords=("dead:",), pattern=r"(?P<drop>\[)[^\]]+(?P<drop>\]\(dead:[^)]+\))")
    text = lines(*PROSE, "\u00a9 Gazette", f"{paragraph} {note}")
    assert left(text, end, token, link).startswith(lines(*PROSE, "\u00a9 Gazette") + paragraph)
