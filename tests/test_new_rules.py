"""Rules proposed from lines: each takes the lines it was made of, loads, and passes lint, or says what is missing."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from cleaner.authoring.families import families
from cleaner.authoring.proposal import _SENTENCES, language_of, propose
from cleaner.authoring.tokens import NAME, languages
from cleaner.cli.app import app
from cleaner.markdown import undress
from cleaner.ruleset import load, shipped_rules
from tests.making import PROSE, lines

COOKBOOK = "Save this recipe to your cookbook\nSave the menu to your cookbook!\n"


def run(*args: str | Path, stdin: str = "") -> Result:
    return CliRunner().invoke(app, ["rules", "new", *map(str, args)], input=stdin, catch_exceptions=False)


# What an expert would write for lines as sites print them.
EXPECTED = [
    (["Save this recipe to your cookbook!"], r"save this recipe to your cookbook\W*", "prompts", "en"),
    (COOKBOOK.splitlines(), r"save (?:the|this) (?:menu|recipe) to your cookbook\W*", "prompts", "en"),
    (
        ["Rate this walk: 4.5 stars (12 votes)", "Rate this walk: 3 stars (1 vote)"],
        r"rate this walk ?: ?\d[\d.,]{0,19} stars \(\d[\d.,]{0,19} votes?\)\W*",
        None,
        "en",
    ),
    (
        ["Tide tables for 3 March 2024", "Tide tables for 12 August 2023"],
        r"tide tables for \d{1,2} [\p{L}\p{M}]{3,14} \d{4}\W*",
        None,
        "en",
    ),
    (
        ["Listen to episode 12 of The Harbour Hour", "Listen to episode 7 of The Harbour Hour"],
        r"listen to episode \d[\d.,]{0,19} of the harbour hour\W*",
        "media",
        "en",
    ),
    (["Spotted a mistake? Write to desk@harbour.example"], r"spotted a mistake\? write to \S{4,120}\W*", None, "en"),
    (
        ["Harbour notes: The seals are back", "Harbour notes: Why the clock stopped in 1931", "Harbour notes: Eels"],
        r"harbour notes ?: ?.{1,60}",
        None,
        "en",
    ),
    (["**[Join the lighthouse club](https://x.example)** »"], r"join the lighthouse club\W*", None, "en"),
    (["🔔 Turn on notifications for Island Press"], r"\W*turn on notifications for island press\W*", "prompts", "en"),
    (["Jetzt Mitglied im Heimatverein werden"], r"jetzt mitglied im heimatverein werden\W*", "prompts", "de"),
    (
        [
            "Dieser Beitrag erschien zuerst im Gemeindeblatt Nr. 12",
            "Dieser Beitrag erschien zuerst im Gemeindeblatt Nr. 3",
        ],
        r"dieser beitrag erschien zuerst im gemeindeblatt nr\. \d[\d.,]{0,19}\W*",
        None,
        "de",
    ),
    (
        [
            "Un article de Claire Dubois pour la gazette du port",
            "Un article de Jean-Marc Petit pour la gazette du port",
        ],
        rf"un article de {NAME} pour la gazette du port\W*",
        None,
        "fr",
    ),
    (
        ["Apúntate al club de lectores del faro", "Apúntese al club de lectores del faro"],
        r"(?:apúntate|apúntese) al club de lectores del faro\W*",
        None,
        "es",
    ),
    (["Ouça a rádio do porto em 98,5 FM"], r"ouça a rádio do porto em \d[\d.,]{0,19} fm\W*", "media", "pt"),
    (["Dołącz do klubu czytelników latarni"], r"dołącz do klubu czytelników latarni\W*", None, "pl"),
    (["Больше историй о гавани — в нашей рассылке"], r"больше историй о гавани ?— ?в нашей рассылке\W*", None, "ru"),
    (
        ["Приєднуйтесь до клубу читачів маяка", "Приєднуйся до клубу читачів маяка"],
        r"(?:приєднуйся|приєднуйтесь) до клубу читачів маяка\W*",
        None,
        "uk",
    ),
    (["Liman bültenine ücretsiz abone ol"], r"liman bültenine ücretsiz abone ol\W*", "prompts", "tr"),
    (["扫码加入港口读者俱乐部"], r"扫码加入港口读者俱乐部\W*", None, "zh"),
    (["港新聞の有料会員はこちら", "港新聞の無料会員はこちら"], r"港新聞の(?:有|無)料会員はこちら\W*", "paywall", "ja"),
    (["등대 독자 모임에 가입하세요"], r"등대 독자 모임에 가입하세요\W*", None, "ko"),
    (["انضم إلى نادي قراء المنارة"], r"انضم إلى نادي قراء المنارة\W*", None, "ar"),
]


@pytest.mark.parametrize(("given_lines", "pattern", "category", "lang"), EXPECTED, ids=[row[0][0] for row in EXPECTED])
def test_a_proposal_is_what_an_expert_would_write(
    given_lines: list[str], pattern: str, category: str | None, lang: str
) -> None:
    (family,) = families(given_lines)
    proposed = propose(family)
    assert proposed.problems == ()
    assert proposed.known == ()
    rule = proposed.rule
    assert rule is not None
    assert rule.fields.pattern.source == pattern
    assert rule.lang == lang
    assert rule.remove == tuple(given_lines)
    assert category in (None, rule.category)


def test_lines_that_share_nothing_become_rules_of_their_own() -> None:
    found = families(["Help us mend this page", "Tide tables for 3 March 2024", "Help us mend the page"])
    assert [len(family.lines) for family in found] == [2, 1]
    done = run(stdin="Help us mend this page\nTide tables for 3 March 2024\n")
    assert done.stdout.count("[[rule]]") == 2
    assert "the lines are of 2 sorts: 2 rules" in done.stderr


def test_small_words_between_what_varies_are_dropped() -> None:
    family = families(["Harbour notes: Storm closes the quay", "Harbour notes: What the seals eat"])[0]
    assert family.pattern == r"harbour notes ?: ?.{1,60}"


@pytest.mark.parametrize("given_lines", [["By Anna Kowalczyk"], ["3 March 2024", "4 May 2023"], ["https://x.example"]])
def test_without_a_keyword_it_says_so(given_lines: list[str]) -> None:
    proposed = propose(families(given_lines)[0])
    assert proposed.rule is None
    assert proposed.problems[0].startswith("no keyword")


def test_what_shipped_rules_take_is_said() -> None:
    done = run(stdin="Compartir en Facebook\nCompartir en WhatsApp\n")
    assert done.exit_code == 1
    assert "the shipped rule share-on-network-es takes these lines already" in done.stderr
    assert "one word by itself" in run(stdin="Weiterlesen\n").stderr


def test_a_proposal_is_written_and_added_to(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    done = run("-o", mine, stdin=COOKBOOK)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "1 rule added: read it, then: cleaner rules test" in done.stderr
    before = mine.read_text()
    assert run("-o", mine, stdin=COOKBOOK).exit_code == 0
    assert mine.read_text().startswith(before)
    assert [rule.id for rule in load(mine).rules] == ["save-cookbook-prompt", "save-cookbook-prompt-2"]
    assert "the file has a rule of that id" in run("-o", mine, "--id", "save-cookbook-prompt", stdin=COOKBOOK).stderr
    assert run("-o", mine, stdin="By Anna Kowalczyk\n").exit_code == 1
    assert len(load(mine).rules) == 2, "what lacks a keyword is not added"
    checked = CliRunner().invoke(app, ["rules", "test", str(mine), "--tries", "20"])
    assert checked.exit_code == 0


def test_near_misses_come_from_the_corpus(tmp_path: Path) -> None:
    kept = "She had promised to add the soup to your cookbook before the winter was over."
    text = lines(PROSE[0], "Save the menu to your cookbook", kept, "to your cookbook", PROSE[1])
    (tmp_path / "one.txt").write_text(text)
    done = run("--corpus", tmp_path / "one.txt", stdin=COOKBOOK)
    assert done.exit_code == 0
    assert kept in done.stdout
    assert "made up" not in done.stdout
    assert "in 1 text 1 line would go, 2 near misses" in done.stderr
    assert "one.txt: Save the menu to your cookbook" in done.stderr


def test_wishes_are_granted_or_refused(tmp_path: Path) -> None:
    options = ("--id", "cookbook", "--category", "social", "--level", "safe", "--lang", "de")
    told = run(*options, stdin=COOKBOOK).stdout
    for line in ('id = "cookbook"\n', 'category = "social"\n', 'level = "safe"', 'lang = "de"'):
        assert line in told
    assert "did you mean 'legal'" in run("--category", "legl", stdin=COOKBOOK).stderr
    assert "--level saf" in run("--level", "saf", stdin=COOKBOOK).stderr
    assert "become 2 rules" in run("--id", "x", stdin=COOKBOOK + "Tide tables\n").stderr
    assert "no line was given" in run(stdin="\n \n").stderr
    assert "cannot be read" in run(tmp_path / "nowhere.txt").stderr
    assert "`cleaner learn`" in run(stdin="".join(f"line {n}\n" for n in range(300))).stderr
    assert "id: must be kebab-case" in run("--id", "Not Kebab", stdin=COOKBOOK).stderr


def test_there_is_a_sentence_for_every_language() -> None:
    assert set(_SENTENCES) == set(languages())
    assert language_of(["qwerty"]) == "any"


@pytest.mark.parametrize("lang", languages())
def test_patterns_take_the_examples_of_shipped_rules(lang: str) -> None:
    rules = [rule for rule in shipped_rules() if rule.kind == "line" and rule.lang == lang]
    for rule in rules[::3]:
        _takes_its_own([line for line in rule.remove if "\n" not in line])


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40), max_size=4))
def test_patterns_take_whatever_they_are_made_of(given_lines: list[str]) -> None:
    _takes_its_own(given_lines)


@given(
    st.lists(
        st.lists(
            st.sampled_from(["save", "Anna", "Berg", "12", ":", "by", "|", "3 May 2024", "the", "中", "@x", "—"]),
            max_size=8,
        ),
        max_size=4,
    )
)
def test_patterns_take_lines_of_odd_pieces(pieces: list[list[str]]) -> None:
    _takes_its_own([" ".join(one) for one in pieces] + ["".join(one) for one in pieces])


def _takes_its_own(given_lines: list[str]) -> None:
    for family in families(given_lines):
        form = regex.compile(family.pattern, regex.IGNORECASE | regex.VERSION0)
        keywords = [keyword.casefold() for keyword in family.keywords()]
        for line in islice(family.lines, 50):
            view = undress(line)
            assert form.fullmatch(view, timeout=5), (family.pattern, view)
            assert not keywords or any(keyword in view.casefold() for keyword in keywords), (keywords, view)
