"""``cleaner review``, but for what only a browser shows: order, sample, escaping, the command, and what follows."""

from __future__ import annotations

import json
import random
import re
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.audit import digest
from cleaner.authoring import NearMisses, as_toml, near_misses
from cleaner.decisions import Decisions, RemovalDecision
from cleaner.review import Review, page_of
from cleaner.review.page import embedded
from cleaner.review.risk import FEW_HITS, signs_of
from cleaner.review.shown import MOST_KEPT, MOST_REMOVALS, shown_text, stretch
from cleaner.ruleset import shipped_rules
from tests.making import PROSE, lines, rule
from tests.test_command import run
from tests.test_promise import cleaner_of

LONG = " ".join(PROSE[:2])
DIRTY = lines(PROSE[0], "Advertisement", PROSE[1])


class DataOf(HTMLParser):
    """Reads a page as HTML has it: what stands in the element of the data, and all elements there are."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self._in_data = False
        self.text = ""
        self.feed(page)
        self.data: Any = json.loads(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self._in_data = dict(attrs).get("id") == "data"

    def handle_data(self, data: str) -> None:
        self.text += data if self._in_data else ""


def reviewed(cleaner: Cleaner, *texts: str, **options: Any) -> Any:
    review = Review(cleaner, **options)
    for number, text in enumerate(texts):
        review.add(cleaner.clean(text), place=f"{number}.txt", site=f"site{number % 3}.example")
    return review.finish()


def test_texts_in_which_nothing_goes_are_counted_and_not_shown(standard: Cleaner) -> None:
    found = reviewed(standard, lines(*PROSE), "", DIRTY)
    assert (found.texts, found.with_removals, found.removals) == (3, 1, 1)
    assert [text.place for text in found.shown] == ["2.txt"]


def test_what_is_shown_is_the_text(standard: Cleaner) -> None:
    text = lines("Advertisement", PROSE[0], f"{PROSE[1]} (turn0search21)", "Similar News", "Ferry Sails At Last")
    result = standard.clean(text)
    shown = shown_text(result, {rule.id: rule for rule in standard.rule_set.rules}, place="a", site="")
    pieces = [shown.kept[0].head]
    for removal, kept in zip(shown.removals, shown.kept[1:], strict=True):
        pieces += [removal.removed.head, kept.head]
    assert "".join(pieces) == text
    assert "".join(piece.head for piece in shown.kept) == result.text
    assert (shown.text, shown.left) == (digest(text), digest(result.text))
    by_rule = {removal.rule_id: removal.line for removal in shown.removals}
    assert by_rule["ad-label"] is None, "a whole line needs no line around it"
    assert f"{PROSE[1]} (turn0search21)" in by_rule.values()


def test_long_stretches_and_many_removals_are_cut_and_told(standard: Cleaner) -> None:
    text = "word " * 10_000 + "\n" + (PROSE[0] + " (turn0search21)\n") * (MOST_REMOVALS + 7)
    result = standard.clean(text)
    shown = shown_text(result, {rule.id: rule for rule in standard.rule_set.rules}, place="a", site="")
    assert len(shown.removals) == MOST_REMOVALS
    assert shown.more == len(result.removals) - MOST_REMOVALS
    assert len(shown.kept) == MOST_REMOVALS + 1
    assert all(len(piece) <= MOST_KEPT for piece in shown.kept)
    first = shown.kept[0]
    assert len(first) + first.left_out == result.removals[0].start


@given(text=st.text(max_size=40), most=st.integers(2, 30))
def test_a_stretch_loses_no_count(text: str, most: int) -> None:
    cut = stretch(text, most)
    assert len(cut) + cut.left_out == len(text)
    assert text.startswith(cut.head)
    assert text.endswith(cut.tail)
    assert len(cut) <= most


def test_signs_between_long_paragraphs(standard: Cleaner) -> None:
    def signs(*parts: str) -> list[tuple[str, ...]]:
        return signs_of(standard.clean(lines(*parts)))

    assert signs(PROSE[0], "Advertisement", PROSE[1]) == [()], "short paragraphs say little"
    assert signs(LONG, "Advertisement", LONG) == [("between",)]
    assert signs(LONG, "", "Advertisement", "", "Sign in to add this story to your reading list.", "", LONG) == [
        ("between",),
        ("paragraph", "between"),
    ], "what goes beside it does not stand between"
    assert signs("Advertisement", LONG, LONG) == [()]
    assert signs(LONG, LONG + " (turn0search21)", LONG) == [()], "a token goes from inside a paragraph"


def test_rules_with_few_hits_are_told_once_the_corpus_is_known(standard: Cleaner) -> None:
    texts = [DIRTY] * (FEW_HITS + 1) + [lines(PROSE[0] + " (turn0search21)", PROSE[1])]
    found = reviewed(standard, *texts)
    signs = {(removal.rule_id == "ad-label", removal.signs) for text in found.shown for removal in text.removals}
    assert signs == {(True, ()), (False, ("rare",))}
    assert found.shown[0].place == f"{FEW_HITS + 1}.txt"


def test_the_riskiest_text_comes_first(standard: Cleaner) -> None:
    little = lines(*PROSE, "Advertisement", *PROSE)
    most = lines(PROSE[0], "Advertisement", "Sign in to add this story to your reading list.")
    inside = lines(LONG, "Sign in to add this story to your reading list.", LONG)
    found = reviewed(standard, *[little] * 4, inside, most, inside, most)
    risks = [text.risk for text in found.shown]
    assert risks == sorted(risks, reverse=True)
    assert {text.place for text in found.shown[:4]} == {"4.txt", "5.txt", "6.txt", "7.txt"}


def texts_of(number: int) -> list[str]:
    return [lines(f"Number {n}. {PROSE[n % 6]}", *["Advertisement"] * (n % 5 + 1), PROSE[1]) for n in range(number)]


def test_a_sample_is_the_same_in_whatever_order(standard: Cleaner) -> None:
    results = [(standard.clean(text), f"{n}.txt") for n, text in enumerate(texts_of(80))]
    rare = lines(PROSE[0] + " (turn0search21)", *PROSE)
    results.append((standard.clean(rare), "rare.txt"))
    seen = []
    for seed in range(3):
        review = Review(standard, most=12)
        for result, place in random.Random(seed).sample(results, len(results)):
            review.add(result, place=place)
        seen.append(review.finish())
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0].shown) == 12
    assert (seen[0].with_removals, seen[0].removals) == (81, 241)
    assert "rare.txt" in {text.place for text in seen[0].shown}, "no rule goes unseen"
    numbers = [len(text.removals) for text in seen[0].shown if text.place != "rare.txt"]
    assert numbers.count(5) >= 6, "half of them are the riskiest"
    assert min(numbers) < 5, "but not all, though there are sixteen"


@pytest.mark.parametrize("most", [1, 2, 3, 80, 81, 5000])
def test_a_sample_is_as_large_as_it_may_be(standard: Cleaner, most: int) -> None:
    assert len(reviewed(standard, *texts_of(80), most=most).shown) == min(most, 80)


def test_a_page_has_a_size_that_a_browser_opens(standard: Cleaner) -> None:
    texts = [lines(f"Number {n}.", *PROSE * 3, "Advertisement", *PROSE * 3) for n in range(40)]
    whole = sum(len(text) + 200 for text in texts)
    found = reviewed(standard, *texts, most_bytes=whole)
    assert all(kept.left_out == 0 for text in found.shown for kept in text.kept)
    found = reviewed(standard, *texts, most_bytes=whole // 2)
    assert len(found.shown) == 40, "less is shown of each"
    assert sum(text.size for text in found.shown) <= whole // 2
    found = reviewed(standard, *texts, most_bytes=whole // 10)
    assert 0 < len(found.shown) < 40
    assert sum(text.size for text in found.shown) <= whole // 10
    assert found.with_removals == 40
    many = [lines(*[f"{PROSE[0]} (turn0search{n})"] * 90) for n in range(40)]
    found = reviewed(standard, *many, most_bytes=900_000)
    assert len(found.shown) == 40
    assert {(len(text.removals), text.more) for text in found.shown} == {(30, 60)}
    assert len(page_of(found)) < 1_200_000
    assert len(reviewed(standard, *texts, most_bytes=1).shown) == 1
    assert reviewed(standard, most_bytes=1).shown == ()


def hostile_cleaner(hostile: str) -> Cleaner:
    """A cleaner of one rule whose very id and reason are hostile; it takes lines that hold `zzqq`."""
    made = rule("line", name=hostile, pattern=".*zzqq", keywords=("zzqq",), longest=100_000)
    return cleaner_of((replace(made, why=hostile, source=hostile, category=hostile),))


def hostile_text(hostile: str) -> str:
    return lines(PROSE[0], "zzqq", PROSE[2], f"{hostile} zzqq", PROSE[1], hostile)


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--",
    "<!-- slot: script -->",
    "]]>",
    '" onmouseover="alert(1)',
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp;",
    "\u202egpj.exe\u202c \u2066x\u2069",
    "\x00\x1b[31m\x7f\x9b",
    "\ud800 \udfff",
    "\u2028\u2029\ufeff\uffff",
    "\\u003c \\1 \\g<0> {{x}} ${x}",
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_text_of_a_corpus_is_data(hostile: str) -> None:
    cleaner, text = hostile_cleaner(hostile), hostile_text(hostile)
    result = cleaner.clean(text)
    assert result.changed
    review = Review(cleaner)
    review.add(result, place=hostile + ".txt", site=hostile)
    page = page_of(review.finish())
    read = DataOf(page)
    assert read.data["rules"][0]["id"] == read.data["rules"][0]["why"] == hostile
    assert read.data["shown"][0]["place"] == hostile + ".txt"
    shown = read.data["shown"][0]
    gone = [removal["removed"] for removal in shown["removals"]]
    assert "".join(kept + removed for kept, removed in zip(shown["kept"], [*gone, ""], strict=True)) == text
    plain = Review(cleaner)
    assert read.elements == DataOf(page_of(plain.finish())).elements, "no element is made of text"
    assert page.encode()


@given(data=st.recursive(st.text(st.characters()), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_embedded_data_is_the_same_for_json_and_nothing_for_html(data: Any) -> None:
    text = embedded(data)
    assert json.loads(text) == data
    assert not re.search("[<>&\u2028\u2029\u202e\ud800-\udfff\x00]", text)


def test_a_page_asks_for_nothing_and_allows_its_own_script_alone(standard: Cleaner) -> None:
    page = page_of(reviewed(standard, DIRTY))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert not re.search(r"(?:src|href)=[\"'](?!data:)", page.split("<script", 1)[0])
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", page)
    assert "innerHTML" not in page
    assert "slot:" not in page


def test_the_command_writes_a_page_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(DIRTY)
    (tmp_path / "in" / "b.jsonl").write_text(json.dumps({"text": DIRTY, "url": "https://x.example/1"}) + "\n")
    done = run("review", tmp_path / "in", "-o", tmp_path / "report.html", "--site-field", "url")
    assert done.exit_code == 0
    assert done.stdout.startswith("2 removals in 2 of 2 texts: ")
    data = DataOf((tmp_path / "report.html").read_text(encoding="utf-8")).data
    assert sorted(text["place"].rpartition("/")[2] for text in data["shown"]) == ["a.txt", "b.jsonl:1"]
    assert {text["site"] for text in data["shown"]} == {"", "x.example"}
    assert (tmp_path / "in" / "a.txt").read_text() == DIRTY


def test_the_command_says_that_it_samples(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"text": text}) + "\n" for text in texts_of(20))
    (tmp_path / "a.jsonl").write_text(rows)
    done = run("review", tmp_path / "a.jsonl", "-o", tmp_path / "r.html", "--texts", "7")
    assert done.stdout.startswith("60 removals in 20 of 20 texts, 7 of these shown: ")
    data = DataOf((tmp_path / "r.html").read_text(encoding="utf-8")).data
    assert (len(data["shown"]), data["withRemovals"]) == (7, 20)


def test_the_command_refuses_what_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY)
    for output, problem in [
        (tmp_path, "is a folder; name a file"),
        (tmp_path / "a.txt", "is an input; name another file"),
        (tmp_path / "a.txt" / "r.html", "cannot be written"),
        ("-", "name a file"),
    ]:
        done = run("review", tmp_path / "a.txt", "-o", output)
        assert done.exit_code == 2
        assert problem in done.stderr
    assert (tmp_path / "a.txt").read_text() == DIRTY


def test_the_command_goes_on_from_earlier_decisions(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY)
    (tmp_path / "d.json").write_text('{"decisions": 1, "rules": [{"rule": "ad-label", "verdict": "reject"}]}')
    assert (
        run("review", tmp_path / "a.txt", "-o", tmp_path / "r.html", "--decisions", tmp_path / "d.json").exit_code == 0
    )
    data = DataOf((tmp_path / "r.html").read_text(encoding="utf-8")).data
    assert data["decisions"]["rules"] == [{"rule": "ad-label", "verdict": "reject"}]
    assert data["removals"] == 1, "what was rejected is shown, to be looked at again"


def decisions_on(cleaner: Cleaner, text: str, path: Path) -> Path:
    """A file that rejects all removals of a text."""
    result = cleaner.clean(text)
    rows = [
        {
            "text": digest(text),
            "left": digest(result.text),
            "rule": r.rule_id,
            "start": r.start,
            "end": r.end,
            "removed": r.text,
            "verdict": "reject",
        }
        for r in result.removed
    ]
    path.write_text(json.dumps({"decisions": 1, "removals": rows}))
    return path


def test_clean_check_and_explain_do_as_was_decided(standard: Cleaner, tmp_path: Path) -> None:
    decisions = decisions_on(standard, DIRTY, tmp_path / "d.json")
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(DIRTY if name == "a.txt" else DIRTY + "More.\n")
    paths = (tmp_path / "a.txt", tmp_path / "b.txt")
    done = run("clean", *paths, "-o", tmp_path / "out", "--decisions", decisions, "--audit", tmp_path / "audit.jsonl")
    assert done.exit_code == 0
    assert (tmp_path / "out" / "a.txt").read_text() == DIRTY
    assert "Advertisement" not in (tmp_path / "out" / "b.txt").read_text()
    assert "kept back: decision:ad-label" in done.stderr
    assert run("check", tmp_path / "a.txt", "--decisions", decisions).exit_code == 0
    assert run("check", tmp_path / "a.txt").exit_code == 1
    assert "Nothing goes." in run("explain", tmp_path / "a.txt", "--decisions", decisions).stdout
    back = run("restore", tmp_path / "out", "--audit", tmp_path / "audit.jsonl", "-o", tmp_path / "back")
    assert back.exit_code == 0
    assert (tmp_path / "back" / "b.txt").read_text() == DIRTY + "More.\n"


@pytest.mark.parametrize("jobs", [1, 2])
def test_all_processes_do_as_was_decided(standard: Cleaner, tmp_path: Path, jobs: int) -> None:
    decisions = decisions_on(standard, DIRTY, tmp_path / "d.json")
    texts = [DIRTY, DIRTY + "More.\n"]
    for folder in ("a", "b"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        rows = "".join(json.dumps({"text": texts[n % 2]}) + "\n" for n in range(200))
        (tmp_path / "in" / folder / "rows.jsonl").write_text(rows)
    done = run("clean", tmp_path / "in", "-o", tmp_path / "out", "--decisions", decisions, "--jobs", jobs)
    assert done.exit_code == 0
    for folder in ("a", "b"):
        left = [json.loads(row)["text"] for row in (tmp_path / "out" / folder / "rows.jsonl").read_text().splitlines()]
        assert left == [DIRTY, standard.clean(texts[1]).text] * 100
    assert "200 flagged" in done.stdout


def test_a_run_is_not_taken_up_with_other_decisions(standard: Cleaner, tmp_path: Path) -> None:
    """The digest of the rules decides that: it tells of the decisions."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(DIRTY)
    decisions = decisions_on(standard, DIRTY, tmp_path / "d.json")
    digests = [
        json.loads(run("clean", tmp_path / "in", "--dry-run", "--json", *more).stdout)["rules_digest"]
        for more in ((), ("--decisions", decisions))
    ]
    assert len(set(digests)) == 2


def test_wrong_decisions_stop_a_command(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY)
    (tmp_path / "d.json").write_text("{}")
    for args in (["clean", tmp_path / "a.txt"], ["check", tmp_path / "a.txt"], ["rules", "list"]):
        done = run(*args, "--decisions", tmp_path / "d.json")
        assert done.exit_code == 2
        assert "d.json: no decisions" in done.stderr
    (tmp_path / "d.json").write_text('{"decisions": 1, "rules": [{"rule": "ad-labels", "verdict": "reject"}]}')
    done = run("check", tmp_path / "a.txt", "--decisions", tmp_path / "d.json")
    assert done.exit_code == 1
    assert "rule 'ad-labels' is not in force" in done.stderr


def test_rules_know_what_was_rejected(tmp_path: Path) -> None:
    text = lines(PROSE[0], "Save this story to your pantry", PROSE[1])
    mine = tmp_path / "mine.toml"
    source = """format = 1
[[rule]]
id = "pantry-prompt"
kind = "line"
category = "prompts"
level = "safe"
why = "A prompt."
pattern = 'save (?:this|the) (?:story|recipe) to your pantry'
keywords = ["to your pantry"]
remove = ["Save this recipe to your pantry"]
keep = ["Save the recipe to your pantry door with a pin."]
"""
    mine.write_text(source)
    decisions = decisions_on(Cleaner([mine]), text, tmp_path / "d.json")
    assert run("rules", "test", mine, "--tries", "0").exit_code == 0
    done = run("rules", "test", mine, "--tries", "0", "--decisions", decisions)
    assert done.exit_code == 1
    assert "1 rejected line to keep, of 1 rule" in done.stdout
    assert "keep 'Save this story to your pantry', alone" in done.stdout
    told = run("rules", "keep", decisions, "--rules", mine).stdout
    assert tomllib.loads(told) == {"keep": ["Save this story to your pantry"]}
    mine.write_text(
        source.replace("(?:story|recipe)", "recipe").replace(
            "keep = [", told.split("keep = [")[0] + "keep = [" + told.split("keep = [")[1].split("]")[0]
        )
    )
    assert run("rules", "test", mine, "--tries", "0", "--decisions", decisions).exit_code == 0


def test_rules_without_rejections_are_left_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text('{"decisions": 1, "rules": [{"rule": "ad-label", "verdict": "reject"}]}')
    assert run("rules", "keep", tmp_path / "d.json").stdout == 'disable = ["ad-label"]\n'
    assert "ad-label" in run("rules", "list").stdout
    assert "\nad-label " not in run("rules", "list", "--decisions", tmp_path / "d.json").stdout


@given(line=st.text(st.characters(), min_size=1))
def test_lines_to_keep_are_toml_whatever_they_hold(line: str) -> None:
    read = tomllib.loads(as_toml(NearMisses(shipped_rules()[0], (line,))))
    assert read["keep"] == [re.sub("[\ud800-\udfff]", "", line)]


def test_what_is_no_line_is_counted(standard: Cleaner) -> None:
    row = {"text": "a", "left": "b", "start": 0, "end": 9, "verdict": "reject"}
    rows = [
        RemovalDecision(**row, rule_id="ad-label", removed="Advertisement\n"),
        RemovalDecision(**row, rule_id="ad-label", removed="One\nTwo\n"),
        RemovalDecision(**row, rule_id="ad-label", removed=None),
        RemovalDecision(**row, rule_id="related-articles-list", removed="Similar News\n"),
    ]
    found = {
        n.rule.id: (n.keep, n.other) for n in near_misses(standard.rule_set.rules, Decisions(removals=tuple(rows)))
    }
    assert found == {"ad-label": (("Advertisement",), 2), "related-articles-list": ((), 1)}
