"""Learning a corpus: what is never learned, then what is, then how runs of it go."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.kinds.repeat import same
from cleaner.learn import Counts, Document, count, learned_rules
from tests.making import lines

pytest.importorskip("duckdb", reason="needs the extra learn")
pytest.importorskip("pyarrow", reason="needs the extra learn")

SITE = "example.org"
WORDS = re.findall(
    r"\w+",
    """harbour ferry island council winter engine market bridge school teacher library garden river mountain village
    doctor hospital captain passenger ticket summer weather kitchen football player referee judge lawyer painter
    museum theatre music orchestra violin farmer tractor wheat barley fisher lobster lighthouse keeper storm repair""",
)
# Each example starts a database.
FEW = settings(max_examples=40)


def learned(documents: Iterable[Document]) -> str:
    counts = Counts()
    count(documents, counts)
    text = "".join(learned_rules(counts))
    counts.close()
    return text


def keys(rule_file: str) -> set[str]:
    """Everything that the rules of a file know, as it is looked up."""
    rules = tomllib.loads(rule_file).get("rule", [])
    return {
        same(line)
        for rule in rules
        for line in (
            *rule.get("lines", ()),
            *rule.get("begins", ()),
            *(one for run in rule.get("runs", ()) for one in run),
        )
    }


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words)).capitalize() + "."


def story(rng: random.Random, *, paragraphs: int = 4) -> list[str]:
    """A title, paragraphs, and a subhead between them."""
    body = [sentence(rng, rng.randint(12, 30)) for _ in range(paragraphs)]
    title, subhead = (" ".join(rng.choice(WORDS) for _ in range(n)).title() for n in (6, 3))
    return [title, body[0], subhead, *body[1:]]


@st.composite
def crawls(draw: st.DrawFn) -> tuple[list[Document], list[list[str]]]:
    """The pages of a site, and its stories: with a menu and a foot, and with stories printed again among other chrome."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    menu = draw(st.lists(st.sampled_from(["Home", "Island News", "Sport", "Weather", "Log in"]), unique=True))
    foot = draw(st.lists(st.sampled_from(["Most read", "Follow us", "Print this page", "Contact"]), unique=True))
    stories = [story(rng, paragraphs=draw(st.integers(2, 6))) for _ in range(draw(st.integers(1, 8)))]
    documents = []
    for told in stories:
        for again in range(draw(st.sampled_from([1, 1, 1, 2, 3, 5]))):
            body = told if again == 0 or draw(st.booleans()) else [line for line in told if rng.random() < 0.9]
            teasers = [rng.choice(stories)[0] for _ in range(draw(st.integers(0, 2)))]
            stamp = f"{rng.randint(1, 28)} May 2026, {rng.randint(10, 23)}:{rng.randint(10, 59)}"
            page = [*menu, *(teasers if rng.random() < 0.5 else ()), body[0], stamp, *body[1:], *foot, *teasers]
            documents.append(Document(SITE, lines(*page), stamp))
    return documents, stories


@FEW
@given(crawls())
def test_no_paragraph_of_a_story_is_ever_learned_however_often_it_is_printed_again(
    crawl: tuple[list[Document], list[list[str]]],
) -> None:
    documents, stories = crawl
    paragraphs = {same(line) for told in stories for line in told if line.endswith(".")}
    assert keys(learned(documents)).isdisjoint(paragraphs)


@FEW
@given(crawls(), st.integers(0, 2**32))
def test_the_order_of_the_documents_changes_nothing(crawl: tuple[list[Document], list[list[str]]], seed: int) -> None:
    documents, _ = crawl
    shuffled = documents[:]
    random.Random(seed).shuffle(shuffled)
    assert learned(shuffled) == learned(documents)


@FEW
@given(crawls())
def test_what_is_learned_takes_no_paragraph_and_comes_to_rest(crawl: tuple[list[Document], list[list[str]]]) -> None:
    documents, stories = crawl
    rules = Path(_write(learned(documents)))
    cleaner = Cleaner(rules) if "[[rule]]" in rules.read_text() else Cleaner("safe")
    paragraphs = {line for told in stories for line in told if line.endswith(".")}
    for document in documents[:6]:
        result = cleaner.clean(document.text, site=SITE)
        assert [p for p in document.text.split("\n") if p in paragraphs] == [
            p for p in result.text.split("\n") if p in paragraphs
        ]
        assert cleaner.clean(result.text, site=SITE).text == result.text


_FOLDER: list[Path] = []


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    _FOLDER[:] = [tmp_path_factory.mktemp("learned")]


def _write(rules: str) -> Path:
    file = _FOLDER[0] / "rules.toml"
    file.write_text(rules, encoding="utf-8")
    return file


def pages(*bodies: Sequence[str], head: Sequence[str] = (), tail: Sequence[str] = ()) -> list[Document]:
    return [Document(SITE, lines(*head, *body, *tail)) for body in bodies]


def stories(number: int) -> list[list[str]]:
    return [story(random.Random(seed)) for seed in range(number)]


def test_nothing_is_learned_from_one_document() -> None:
    assert keys(learned(pages(*stories(1), head=["Home", "Sport"]))) == set()


def test_nothing_is_learned_from_one_story_at_many_addresses() -> None:
    one = stories(1)[0]
    assert keys(learned(pages(*([*one, f"Page {n} of the week"] for n in range(9)), head=["Home", "Sport"]))) == set()


@pytest.mark.parametrize("seed", range(6))
def test_lines_of_other_company_each_time_stay(seed: int) -> None:
    """Ingredients and datelines come back, but among other lines."""
    rng = random.Random(seed)
    goods = ["Salt", "Pepper", "Two eggs", "Flour", "Butter", "Milk", "Sugar", "One lemon", "Garlic", "Olive oil"]
    bodies = [[*story(rng), *rng.sample(goods, 5), sentence(rng, 12)] for _ in range(4 + 4 * seed)]
    assert keys(learned(pages(*bodies))) == set()


def test_a_stamp_of_the_article_stays() -> None:
    bodies = [[told[0], f"{n} May 2026, 10:4{n}", *told[1:]] for n, told in enumerate(stories(8), start=1)]
    assert keys(learned(pages(*bodies))) == set()


def test_runs_and_lines_are_learned() -> None:
    head = ["Home", "Island News", "Sport", "Weather", "Log in"]
    rules = learned(pages(*stories(6), head=head, tail=["Sign up for the island letter"]))
    assert keys(rules) == {*map(str.lower, head), "sign up for the island letter"}
    safe, standard = tomllib.loads(rules)["rule"]
    assert safe["site"] == standard["site"] == SITE
    assert (safe["level"], standard["level"]) == ("safe", "standard")
    assert safe["runs"] == [head]
    assert standard["lines"] == ["Sign up for the island letter"]
    assert "6 of the 6 texts of example.org" in safe["why"]


FORMULAS = ["Let us pray together in silence", "Go in peace", "Grace be with you all", "So be it", "Amen and amen"]
LINE_UP = ["How they lined up", "Goal: Field", "Defence: Reed, Lee", "Midfield: Berg, Lin", "Attack: West"]


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param(["Name and address supplied"], id="a formula at the end"),
        pytest.param(["Key points", "Quotes", "Background"], id="a few short lines"),
        pytest.param([line + " for ever and ever" for line in FORMULAS], id="a row of formulas"),
        pytest.param(LINE_UP, id="a line-up"),
    ],
)
def test_how_authors_close_is_never_safe(tail: list[str]) -> None:
    rules = tomllib.loads(learned(pages(*stories(8), tail=tail))).get("rule", [])
    assert [rule["level"] for rule in rules if rule["level"] == "safe"] == []


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(["What we like about it"], id="a subhead"),
        pytest.param(["Prices at the quay this morning", "Cod: 3.20", "Herring: 1.10", "Plaice: 4.00"], id="a table"),
    ],
)
def test_what_heads_paragraphs_is_not_learned(inside: list[str]) -> None:
    told = stories(8)
    assert keys(learned(pages(*([*body[:2], *inside, *body[2:]] for body in told)))) == set()


@pytest.mark.parametrize(
    ("tails", "expected"),
    [
        pytest.param([f"{n}2 comments on this" for n in range(6)], "12 comments on this", id="numbers"),
        pytest.param(
            [f"Printed on {n + 1} May 2026 at the harbour" for n in range(6)],
            "Printed on 1 May 2026 at the harbour",
            id="dates",
        ),
        pytest.param(
            [f"Posted by {name} 3 days ago" for name in ("ann", "bob", "cleo", "dora", "ella", "finn")],
            "posted by * 0 days ago",
            id="names of users",
        ),
        pytest.param(
            [f"Read more: {told[0]}" for told in stories(12)[6:]],
            "Read more:",
            id="a headline behind a fixed beginning",
        ),
    ],
)
def test_slight_variations_become_one_pattern(tails: Sequence[str], expected: str) -> None:
    bodies = [[*told, tail] for told, tail in zip(stories(6), tails, strict=True)]
    rules = learned(pages(*bodies))
    assert keys(rules) == {same(expected)}
    assert Cleaner(_write(rules)).clean(lines(*bodies[0]), site=SITE).text == lines(*bodies[0][:-1])


def test_two_sites_do_not_mix() -> None:
    told = stories(6)
    here = pages(*told[:3], head=["Home", "Sport"])
    there = [Document("example.com", document.text) for document in pages(*told[3:], head=["Start", "Sport"])]
    rules = tomllib.loads(learned([*here, *there]))["rule"]
    assert [(rule["site"], rule["runs"]) for rule in rules] == [
        ("example.com", [["Start", "Sport"]]),
        ("example.org", [["Home", "Sport"]]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("\ud800 lone surrogate", id="a lone surrogate"),
        pytest.param("nul \x00 and bell \x07", id="control characters"),
        pytest.param('quotes """ and \\ and \x7f', id="what TOML escapes"),
        pytest.param("x" * 10_000_000, id="a line of 10 MB"),
        pytest.param("\r\n\r\r\n", id="line ends alone"),
    ],
)
def test_a_strange_line_spoils_nothing(text: str) -> None:
    rules = learned(pages(*stories(5), head=["Home", text, "Sport"], tail=[text]))
    assert {"home", "sport"} & keys(rules) or "\r" in text
    Cleaner(_write(rules))


def test_a_copy_of_a_text_counts_once() -> None:
    documents = pages(*stories(5), head=["Home", "Sport"])
    counts = Counts()
    for _ in range(2):
        count(documents * 2, counts)
    assert "".join(learned_rules(counts)) == learned(documents)
