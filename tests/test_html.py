"""From a page to its article: what extraction missed comes back, copies go, and the markup tells chrome from body."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import cleaner
from cleaner import Cleaner
from cleaner.align import Words, align
from cleaner.html import ExtractionError, extract, extract_article
from cleaner.markup import Article, Markup
from cleaner.page import Block, read_page
from cleaner.ruleset import RuleError

BODY = (
    "The ferry between the two islands is back in service after a long winter of repairs in the yard.",
    "Passengers had to take the way round by road, which added two hours to the trip into town.",
    "The harbour master said that the new engine would last for at least twenty years of crossings.",
    "Fishermen welcomed the news, for the ferry carries their catch to the market on the mainland.",
    "Tickets cost what they did before, and children under six travel free on every sailing of the day.",
    "The first boat of the morning was full, and a brass band played while the ramp was let down.",
)
LINKS = "".join(
    f"<li><a href='/{n}'>{text}</a></li>"
    for n, text in enumerate(
        (
            "Tennis star leaves autumn tournament with an injured knee",
            "Central bank keeps interest rates where they are for now",
            "Museum opens its first exhibition of wartime photographs",
        )
    )
)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body: str) -> str:
    return f"<html><head><title>The ferry is back</title></head><body>{body}</body></html>"


@pytest.fixture(scope="module")
def standard() -> Cleaner:
    return Cleaner()


def in_parts(*, opening: str = "", last: str = "part") -> str:
    """An article in two elements of one class, with an advertisement between them."""
    return page(
        f"<div class='frame'><div class='part'>{paragraphs(*BODY[:3])}</div><div class='ad'>Try our ferry app</div>"
        f"<div class='{last}'>{opening}{paragraphs(*BODY[3:])}</div></div>"
    )


def without_last_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have trafilatura take the first element of the article only, as it does on many a page."""
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_options: "\n".join(BODY[:3]))


def test_paragraphs_that_extraction_left_out_come_back_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_options: "\n".join((*BODY[:2], *BODY[4:])))
    html = page(
        f"<article>{paragraphs(*BODY[:2])}<h2>Twenty years</h2>{paragraphs(BODY[2])}"
        f"<ul><li>Noon</li><li><a href='/x'>Book now</a></li></ul>{paragraphs(*BODY[3:])}</article>"
    )
    assert extract(html).split("\n") == [*BODY[:2], "Twenty years", BODY[2], "- Noon", *BODY[3:]]


@pytest.mark.parametrize(
    "left_out",
    [
        pytest.param("<div class='newsletter'><p>{}</p></div>", id="named for chrome"),
        pytest.param("<aside><p>{}</p></aside>", id="an aside"),
        pytest.param("<figure><img src='a.png'><figcaption>{}</figcaption></figure>", id="a caption"),
        pytest.param("<p><a href='/x'>{}</a></p>", id="a link"),
        pytest.param("<pre>{}</pre>", id="code"),
    ],
)
def test_what_is_no_paragraph_of_the_article_stays_out(monkeypatch: pytest.MonkeyPatch, left_out: str) -> None:
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_options: "\n".join(BODY))
    other = "Every morning we send the news of the islands to forty thousand readers by mail."
    html = page(f"<article>{paragraphs(*BODY[:3])}{left_out.format(other)}{paragraphs(*BODY[3:])}</article>")
    assert extract(html) == "\n".join(BODY)


def test_an_article_in_parts_is_taken_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    without_last_part(monkeypatch)
    assert extract(in_parts()).split("\n") == list(BODY)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(in_parts(opening="<h2>Tennis</h2>"), id="a part with a heading of its own is another article"),
        pytest.param(in_parts(last="other"), id="an element of another class is no part"),
    ],
)
def test_another_article_is_no_part_of_this_one(monkeypatch: pytest.MonkeyPatch, html: str) -> None:
    without_last_part(monkeypatch)
    assert extract(html).split("\n") == list(BODY[:3])


def test_where_extraction_took_the_wrong_part_the_main_element_is_the_article(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = "We keep a few crumbs of data to count our readers."
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_options: notice)
    article = extract_article(page(f"<div><p>{notice}</p></div><main>{paragraphs(*BODY)}</main>"))
    assert article.text.split("\n") == [notice, *BODY]
    assert article.markup[0] is not None
    assert article.markup[0].part == "head"


def test_an_article_that_extraction_did_not_find_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_options: None)
    assert extract(page(f"<main>{paragraphs(*BODY)}</main>")).split("\n") == list(BODY)


@pytest.mark.parametrize("html", ["", "<html></html>", page("<p>Closed.</p>"), page("<nav>Home</nav>")])
def test_a_page_without_article_is_an_error(monkeypatch: pytest.MonkeyPatch, html: str) -> None:
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_options: None)
    with pytest.raises(ExtractionError):
        extract(html)


def test_a_copy_of_the_article_goes_and_a_refrain_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    html = page(f"<article>{paragraphs(*BODY)}</article>")
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_options: "\n".join((*BODY, *BODY)))
    assert extract(html).split("\n") == list(BODY)
    refrain = [*BODY[:2], BODY[0], *BODY[2:], BODY[0]]
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_options: "\n".join(refrain))
    assert extract(html).split("\n") == refrain


def behind(extra: str) -> str:
    return page(f"<div id='story'>{paragraphs(*BODY)}</div>{extra}")


def taken_with(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_options: "\n".join((*BODY, *lines)))


@pytest.mark.parametrize(
    ("extra", "line", "rule_id"),
    [
        pytest.param(
            f"<div><ul>{LINKS}</ul></div>",
            "- Tennis star leaves autumn tournament with an injured knee",
            "link-block-behind-article",
            id="a list of other articles",
        ),
        pytest.param(
            "<div><a href='/1'>Tennis star leaves tournament</a><p>He hopes to be back on court in spring</p></div>",
            "He hopes to be back on court in spring",
            "links-behind-article",
            id="a teaser beside its link",
        ),
        pytest.param(
            "<div class='site-footer'>The Gazette has been printed on Mill Lane since the days of steam.</div>",
            "The Gazette has been printed on Mill Lane since the days of steam.",
            "chrome-block-behind-article",
            id="a foot that says so",
        ),
        pytest.param(
            "<div>Our office on Mill Lane is open daily.</div>",
            "Our office on Mill Lane is open daily.",
            "rest-behind-article",
            id="a foot that does not",
        ),
    ],
)
def test_what_stands_behind_the_article_goes(
    monkeypatch: pytest.MonkeyPatch, standard: Cleaner, extra: str, line: str, rule_id: str
) -> None:
    taken_with(monkeypatch, line)
    result = standard.clean_html(behind(extra))
    assert result.source.split("\n") == [*BODY, line]
    assert result.text == "\n".join(BODY) + "\n"
    assert [removal.rule_id for removal in result.removals] == [rule_id]
    assert cleaner.restore(result.text, result.removed) == result.source
    assert standard.clean(result.source).text == result.source, "text alone does not show it"


@pytest.mark.parametrize(
    ("extra", "lines"),
    [
        pytest.param(
            "<ul><li><a href='#a'>The new engine</a></li><li><a href='#b'>Sailings in May</a></li></ul>",
            ("- The new engine", "- Sailings in May"),
            id="links within the page",
        ),
        pytest.param(
            "<div class='footer'><p>Three boats to look out for:</p><ul><li>Aurora, built in Bergen</li></ul></div>",
            ("Three boats to look out for:", "- Aurora, built in Bergen"),
            id="an announced list",
        ),
        pytest.param(
            "<div class='footer'><p>The ferry carries the catch to the market.</p></div>",
            ("The ferry carries the catch to the market.",),
            id="what speaks of the article's own subject",
        ),
        pytest.param(
            "<table class='widget ad'><tr><td>Saturday</td><td>7:10</td></tr><tr><td>Sunday</td><td>9:30</td></tr></table>",
            ("| Saturday | 7:10 |", "| Sunday | 9:30 |"),
            id="a table of data",
        ),
    ],
)
def test_what_belongs_to_the_article_stays(
    monkeypatch: pytest.MonkeyPatch, standard: Cleaner, extra: str, lines: tuple[str, ...]
) -> None:
    taken_with(monkeypatch, *lines)
    result = standard.clean_html(behind(extra))
    assert result.text is result.source
    assert result.text.split("\n") == [*BODY, *lines]


def test_links_inside_the_article_stay(monkeypatch: pytest.MonkeyPatch, standard: Cleaner) -> None:
    lines = [*BODY[:3], "- Tennis star leaves autumn tournament with an injured knee", *BODY[3:]]
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_options: "\n".join(lines))
    html = page(f"<article>{paragraphs(*BODY[:3])}<ul>{LINKS}</ul>{paragraphs(*BODY[3:])}</article>")
    assert lines[3] in standard.clean_html(html).text


def test_titles_and_leads_before_the_article_stay(monkeypatch: pytest.MonkeyPatch, standard: Cleaner) -> None:
    lead = "Islanders have waited half a year for this morning, and nobody stayed at home."
    lines = ["Home", "Weather and tides", "The Ferry Is Back", lead, *BODY]
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_options: "\n".join(lines))
    html = page(
        "<div><a href='/'>Home</a></div><div><a href='/w'>Weather and tides</a></div>"
        f"<div class='top'><h1>The Ferry Is Back</h1><p>{lead}</p><a href='/m'>All of Mara Lindqvist's articles, and "
        f"the letters that readers wrote about them in the year</a></div><div id='story'>{paragraphs(*BODY)}</div>"
    )
    assert standard.clean_html(html).text.split("\n") == lines[2:]


def test_markup_does_not_count_towards_max_removed(monkeypatch: pytest.MonkeyPatch, standard: Cleaner) -> None:
    many = [f"Story number {n} of quite another place and subject" for n in range(60)]
    taken_with(monkeypatch, *many)
    links = "".join(f"<p><a href='/{n}'>{text}</a></p>" for n, text in enumerate(many))
    result = standard.clean_html(behind(f"<div>{links}</div>"))
    assert (result.text, result.flags) == ("\n".join(BODY) + "\n", ())


def test_a_batch_uses_what_the_page_knows(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from cleaner.cli.app import app

    html = behind(f"<div class='story-foot'><ul>{LINKS}</ul></div>")
    (tmp_path / "page.html").write_text(html)
    done = CliRunner().invoke(app, ["clean", str(tmp_path / "page.html"), "-o", str(tmp_path / "out.txt")])
    assert done.exit_code == 0
    assert (tmp_path / "out.txt").read_text() == Cleaner().clean_html(html).text


@pytest.mark.parametrize(
    ("lines", "blocks", "found"),
    [
        pytest.param(["One", "Two"], ["One", "Two"], [[0], [1]], id="line by line"),
        pytest.param(["Two"], ["One", "Two"], [[1]], id="a block left out"),
        pytest.param(["One two three"], ["One", "two", "three"], [[0, 1, 2]], id="blocks joined"),
        pytest.param(["A long begin"], ["A long beginning and its end"], [[0]], id="a block cut short"),
        pytest.param(["Same", "Same"], ["Same", "Other", "Same"], [[0], [2]], id="equal lines in order"),
        pytest.param(["Nowhere"], ["One"], [[]], id="found nowhere"),
        pytest.param(["", "* * *"], ["One"], [[], []], id="without letters"),
    ],
)
def test_lines_are_laid_against_blocks(lines: list[str], blocks: list[str], found: list[list[int]]) -> None:
    assert align(lines, [Block(text, 0, 0) for text in blocks]) == found


def test_known_words() -> None:
    words = Words([BODY[0]])
    assert words.share(BODY[0]) == 1.0
    assert words.share(BODY[1]) == 0.0
    assert words.share("Back") == 0.0


def test_what_is_not_seen_is_not_read() -> None:
    from lxml.html import fromstring

    root = fromstring("<div>One<br>two<script>x</script> three<!-- four --><p>five</p></div>")
    assert [block.text for block in read_page(root).blocks] == ["One", "two three", "five"]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * 3_000 + paragraphs(*BODY) + "</div>" * 3_000, id="deep"),
        pytest.param(paragraphs(*BODY * 1_500), id="one paragraph again and again"),
        pytest.param(paragraphs(" ".join(BODY * 4_000), *BODY * 1_500), id="a long paragraph and many beside it"),
        pytest.param(paragraphs(*BODY) + "<ul>" + "<li>a</li>" * 30_000 + "</ul>", id="many short items"),
    ],
)
def test_no_page_takes_long(html: str) -> None:
    from trafilatura.utils import load_html

    from cleaner.html import _mended

    read = read_page(load_html(page(html)))
    start = time.perf_counter()
    _mended(read, [block.text for block in read.blocks])
    assert time.perf_counter() - start < 8


RULE = """
format = 1
[[rule]]
id = "foot"
kind = "markup"
category = "navigation"
level = "standard"
why = "What stands behind."
part = "tail"
{fields}
[[rule.example]]
text = "Home"
left = ""
tail = {example}
[[rule.example]]
text = "Home"
left = "Home"
"""
GOOD_EXAMPLE = "{ lines = 1, named = true }"


@pytest.mark.parametrize(
    ("fields", "example", "problem"),
    [
        pytest.param("", GOOD_EXAMPLE, "asks for no sign", id="no sign"),
        pytest.param("outside = true", GOOD_EXAMPLE, "asks for no sign", id="outside alone is no sign"),
        pytest.param("least_linked = 1.5", GOOD_EXAMPLE, "at least 0 and at most 1", id="no share"),
        pytest.param("named = true", "{ lines = 9 }", "how many lines", id="more lines than there are"),
        pytest.param("named = true", "{ lines = 1, name = 1 }", "knows no key of name", id="an unknown key"),
    ],
)
def test_a_bad_markup_rule_says_what_is_wrong(tmp_path: Path, fields: str, example: str, problem: str) -> None:
    (tmp_path / "mine.toml").write_text(RULE.format(fields=fields, example=example))
    with pytest.raises(RuleError, match=problem):
        Cleaner(tmp_path / "mine.toml")


def test_evidence_may_come_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(RULE.format(fields="named = true", example=GOOD_EXAMPLE))
    mine = Cleaner(tmp_path / "mine.toml")
    article = Article("\n".join((*BODY, "Home")), (*[Markup("article")] * len(BODY), Markup("tail", named=True)))
    assert mine.clean_article(article).text == "\n".join(BODY) + "\n"
    assert mine.clean(article.text).text == article.text
