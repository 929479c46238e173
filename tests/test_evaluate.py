"""Measuring: labels, figures, rules to words, the command, and agreement with the judge of the benchmark."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from cleaner import Cleaner, Removal, Result
from cleaner.evaluate import (
    Fields,
    LabelledError,
    Measured,
    MissingExtraError,
    Page,
    RuleScore,
    Score,
    Words,
    by_category,
    draw,
    evaluate,
    judge_pages,
    judge_result,
    label_lines,
    read_labelled,
    require_rapidfuzz,
    total,
)
from cleaner.evaluate.words import f1, word_spans, words_of
from tests.conftest import ROOT
from tests.making import PROSE, lines
from tests.quality.floors import BENCH, FILES, data
from tests.test_command import run

FERRY, ROAD, MASTER = PROSE[:3]
JUDGE = BENCH / "evaluate.py"


def result(text: str, *gone: str, rule_id: str = "made") -> Result:
    """What a cleaner that takes out these pieces would hand out."""
    removals = tuple(Removal(at := text.index(piece), at + len(piece), rule_id) for piece in gone)
    left = text
    for removal in reversed(removals):
        left = left[: removal.start] + left[removal.end :]
    return Result(left, removals, (), "", text)


@pytest.mark.parametrize(
    ("line", "label"),
    [
        pytest.param(FERRY, "body", id="a line of the body"),
        pytest.param(f"{FERRY} Ask us!", "body", id="a line of the body with little else"),
        pytest.param("Ferry", "body", id="one word of the body, in order"),
        pytest.param("Share this page", "chrome", id="nothing of the body"),
        pytest.param("Share", "chrome", id="one word that the body does not hold"),
        pytest.param("Ferry Share", "unsure", id="two words, one of the body"),
        pytest.param(
            "The harbour cafe sells a new winter soup for sailors.", "chrome", id="words of the body, but not in a row"
        ),
        pytest.param(
            "The ferry between the two islands, and what our readers said about it this week in letters",
            "unsure",
            id="half of the line stands in the body",
        ),
        pytest.param("Ferry tickets islands cheap fares", "chrome", id="two words of five stand in the body"),
        pytest.param("Ferry tickets two euros islands cheap fares", "unsure", id="three words of seven do"),
        pytest.param("Ferry returns to islands", "unsure", id="the title"),
        pytest.param("Ferry returns to islands daily", "unsure", id="the title and little else"),
        pytest.param("Ferry returns to islands - Daily Gull", "chrome", id="the title and too much else"),
        pytest.param("Copyright the Harbour Post", "unsure", id="of the body, but contested"),
        pytest.param("Copyright the Mainland Gazette and sons", "chrome", id="contested, and not of the body"),
    ],
)
def test_labels(line: str, label: str) -> None:
    gold = lines("The ferry", FERRY, "Copyright the Harbour Post")
    assert [found.label for found in label_lines(line, gold, "Ferry returns to the islands")] == [label]


def test_lines_without_words_have_no_label_and_offsets_are_those_of_the_text() -> None:
    text = f"\n---\n{FERRY}\r\n * \nShare this page"
    found = label_lines(text, FERRY)
    assert [(line.start, line.label) for line in found] == [(5, "body"), (text.index("Share"), "chrome")]
    assert all(text[line.start :].startswith(line.text) for line in found)


@pytest.mark.parametrize(
    "line",
    [
        "Also read: The bridge that nobody wanted",
        "» Related posts | A week on the water",
        "Read more... about the ferry",
        "Don’t miss: a week on the water",
        "Zobacz też: most, którego nikt nie chciał",
        "延伸阅读",
        "© Harbour Post",
        "The Harbour Post. All rights reserved.",
        "Last updated on 3 May 2021 at noon",
        "We may earn a small commission when you order a boat.",
        "Photo courtesy of: the harbour",
        "Mara Lind contributed to this report",
        "Editing by Mara Lind",
        "Sign up for our weekly newsletter",
        "责任编辑：某人",
    ],
)
def test_contested_lines_of_the_body_are_not_counted(line: str) -> None:
    assert [found.label for found in label_lines(line, line)] == ["unsure"]


@pytest.mark.parametrize(
    "line",
    [
        "She also read the letter aloud.",
        "He read more: three books a week, and letters, " + "and papers " * 20,
        "The ferry was updated in 2021",
        "Sailors earn a commission for each fish.",
        "editing by hand takes weeks",
        "Subscribe to the paper",
    ],
)
def test_near_misses_of_contested_lines_are_body(line: str) -> None:
    assert [found.label for found in label_lines(line, line)] == ["body"]


def test_words_stand_where_their_spans_say() -> None:
    for text in ("The ferry's 2nd trip: 渡轮ab, は, 나루!", "İSTANBUL'DA İki", "Σίσυφος ΟΔΟΣ", "", "..."):
        assert [text[start:end].lower().replace("̇", "") for start, end in word_spans(text)] == words_of(text)


def test_f1_of_bags() -> None:
    assert f1([], []) == 1.0
    assert f1(["a"], []) == f1([], ["a"]) == f1(["a"], ["b"]) == 0.0
    assert f1(["a", "a", "b"], ["a", "c"]) == pytest.approx(2 / 5)


TEXT = lines(FERRY, "Share this page", ROAD, "Seven words that no body ever held", MASTER)
PAGE = Page(TEXT, gold=lines(FERRY, ROAD, MASTER), id="one")
BODY_WORDS = len(words_of(PAGE.gold))


def test_figures_of_a_page() -> None:
    page = judge_result(PAGE, result(TEXT, "Share this page\n", f"{ROAD}\n"))
    lost = len(words_of(ROAD))
    assert [(line.label, line.gone) for line in page.lines] == [
        ("body", 0),
        ("chrome", 3),
        ("body", lost),
        ("chrome", 0),
        ("body", 0),
    ]
    score = Score.of(page)
    assert (score.words, score.removed) == (Words(10, BODY_WORDS), Words(3, lost))
    assert score.chrome_removed == 3 / 10
    assert score.body_lost == lost / BODY_WORDS
    assert score.chrome_share == 10 / (10 + BODY_WORDS)
    assert (score.intact_pages, page.is_intact) == (0, False)
    assert score.f1_before == 2 * BODY_WORDS / (BODY_WORDS + 10 + BODY_WORDS)
    assert score.f1_after == 2 * (BODY_WORDS - lost) / (BODY_WORDS - lost + 7 + BODY_WORDS)
    assert [line.text for line in page.lines if line.is_kept_chrome] == ["Seven words that no body ever held"]
    assert [line.text for line in page.lines if line.is_lost] == [ROAD]


@pytest.mark.parametrize(
    ("gone", "intact"),
    [
        pytest.param(" between the two islands", True, id="four words of fifteen"),
        pytest.param(" between the two islands is", False, id="five words of fifteen"),
    ],
)
def test_a_page_is_intact_while_little_of_each_body_line_goes(gone: str, intact: bool) -> None:
    page = judge_result(Page(FERRY, FERRY), result(FERRY, gone))
    assert page.is_intact is intact
    assert Score.of(page).removed.body == len(gone.split())


def test_words_go_to_the_rule_whose_removal_covers_them() -> None:
    text = lines(f"{FERRY} Ask us!", "Share this page", "Follow us")
    first, second = text.index(" Ask us!"), text.index("\nShare")
    removals = (Removal(first, second, "ask"), Removal(second, len(text) - len("Follow us\n"), "share"))
    page = judge_result(Page(text, FERRY), Result("", removals, (), "", text))
    assert [line.by_rule for line in page.lines] == [(("ask", 2),), (("share", 3),), ()]
    score = Score.of(page)
    assert score.rules == {"ask": RuleScore(1, Words(body=2)), "share": RuleScore(1, Words(chrome=3))}
    assert by_category(score.rules, {"ask": "prompts", "share": "prompts"}) == {
        "prompts": RuleScore(2, Words(chrome=3, body=2))
    }
    assert score.rules["ask"].precision == 0.0
    assert RuleScore(1, Words(unsure=4)).precision is None


def test_scores_add_up() -> None:
    parts = list(judge_pages([PAGE, Page(FERRY, FERRY)], Cleaner()))
    both = total(parts)
    assert both == Score.of(parts[0]) + Score.of(parts[1])
    assert both == evaluate([PAGE, Page(FERRY, FERRY)], Cleaner())
    assert both.pages == 2
    assert Score() + both == both
    assert Score().chrome_removed == Score().f1_after == Score().chrome_share == 0.0


def test_what_keeps_the_cleaner_from_its_work_is_counted() -> None:
    score = evaluate([Page("<p></p>", FERRY)], Cleaner(), html=True)
    assert score.flags == {"no-article": 1}
    assert (score.pages, score.f1_before, score.f1_after) == (1, 0.0, 0.0)


HTML = (
    "<html><head><title>Ferry</title></head><body><article>"
    + "".join(f"<p>{part}</p>" for part in (FERRY, "Advertisement", *PROSE[1:]))
    + "</article></body></html>"
)


def test_pages_are_extracted_and_then_cleaned() -> None:
    score = evaluate([Page(HTML, " ".join(PROSE))], Cleaner(), html=True)
    assert score.words.chrome == score.removed.chrome == 1
    assert score.f1_before < score.f1_after == 1.0


# The command.


def labelled(path: Path, *rows: dict[str, Any]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


ROW = {"id": "a", "lang": "en", "text": lines(FERRY, "Advertisement", "Ask anyone"), "gold": FERRY}
OTHER = {"id": "b", "lang": None, "text": lines(ROAD, "Advertisement"), "gold": lines(ROAD, "Advertisement")}


def test_eval_prints_the_figures(tmp_path: Path) -> None:
    path = labelled(tmp_path / "pages.jsonl", ROW)
    done = run("eval", path)
    assert done.exit_code == 0
    assert [" ".join(line.split()) for line in done.stdout.splitlines()] == [
        "file pages chrome removed body lost intact pages F1 chrome share",
        f"{path} 1 33.33% 0.000% 100.00% 0.9091 -> 0.9375 16.7%",
        "",
        "category hits chrome words body words unsure words precision",
        "ads 1 1 0 0 100.0%",
        "",
        "rule hits chrome words body words unsure words precision",
        "ad-label 1 1 0 0 100.0%",
    ]


def test_the_readme_shows_what_eval_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = next(block for block in readme.split("```")[1::2] if "$ cleaner eval" in block)
    _, page, command, *printed = block.strip().splitlines()[1:]
    (tmp_path / "pages.jsonl").write_text(page, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(*command.removeprefix("$ cleaner ").split()).stdout.splitlines() == printed


def test_eval_of_several_files_and_by_field(tmp_path: Path) -> None:
    one, two = labelled(tmp_path / "one.jsonl", ROW), labelled(tmp_path / "two.jsonl.gz", OTHER)
    done = run("eval", one, two, one, "--by", "lang")
    rows = {words[0]: words[1:] for line in done.stdout.splitlines() if (words := line.split())}
    assert rows[str(one)][:4] == ["1", "33.33%", "0.000%", "100.00%"]
    assert rows[str(two)][:4] == ["1", "0.00%", "5.556%", "0.00%"]
    assert rows["all"][:4] == ["2", "33.33%", "3.030%", "50.00%"]
    assert rows["en"] == rows[str(one)]
    assert rows["-"] == rows[str(two)]
    assert rows["ad-label"] == ["2", "1", "1", "0", "50.0%"]


@pytest.mark.parametrize("terminal", [False, True])
def test_eval_is_the_same_each_time_and_is_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setattr("rich.console.Console.is_terminal", terminal)
    path = labelled(tmp_path / "a-file-with-a-rather-long-name-that-says-what-it-holds.jsonl", ROW, OTHER)
    first = run("eval", path, "--by", "lang").stdout
    assert first == run("eval", path, "--by", "lang").stdout
    assert str(path) in first
    assert "…" not in first
    assert terminal or "\x1b" not in first


def test_eval_prints_groups_that_the_output_cannot_hold(tmp_path: Path) -> None:
    path = labelled(tmp_path / "pages.jsonl", {**ROW, "lang": "Русский\x1b[31m"})
    command = [sys.executable, "-m", "cleaner", "eval", str(path), "--by", "lang"]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=True)
    assert rb"\u0420\u0443" in done.stdout
    assert rb"\x1b[31m" in done.stdout


def test_eval_takes_other_rules_and_other_fields(tmp_path: Path) -> None:
    row = {"doc": {"body": ROW["text"], "main": FERRY, "name": "Ask anyone now"}, "n": 7}
    path = labelled(tmp_path / "pages.jsonl", row)
    fields = ("--field", "doc.body", "--gold", "doc.main", "--title", "doc.name", "--id", "n")
    errors = tmp_path / "errors.tsv"
    done = run("eval", path, *fields, "--disable", "ads", "--errors", errors)
    assert "0.00%" in done.stdout
    assert "ad-label" not in done.stdout
    assert errors.read_text() == "chrome kept\t7\t-\tAdvertisement\nchrome kept\t7\t-\tAsk anyone\n"


def test_eval_writes_what_went_wrong(tmp_path: Path) -> None:
    hostile = {"text": lines(FERRY, "Ask\tanyone \x1b[31mred"), "gold": FERRY}
    path = labelled(tmp_path / "pages.jsonl", OTHER, hostile)
    errors = tmp_path / "errors.tsv"
    run("eval", path, "--errors", errors)
    assert errors.read_text().splitlines() == [
        "body lost\tb\tad-label\tAdvertisement",
        "chrome kept\t2\t-\tAsk\\tanyone \\x1b[31mred",
    ]


def test_eval_of_html(tmp_path: Path) -> None:
    path = labelled(tmp_path / "pages.jsonl", {"html": HTML, "gold": " ".join(PROSE)}, {"html": "<p>", "gold": "Gone"})
    done = run("eval", path, "--html-field", "html")
    assert "100.00%" in done.stdout
    assert "-> 0.5000" in done.stdout
    assert "1 page kept back: no-article (1)" in done.stdout


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        pytest.param(b'{"gold": ""}', (), "no field 'text'; name the field of the page's text or HTML with --field"),
        pytest.param(b'{"text": ""}', (), "no field 'gold'; name the field of the article's body with --gold"),
        pytest.param(
            b'{"text": null, "gold": ""}',
            (),
            "field 'text' is not a string; name the field of the page's text or HTML with --field",
        ),
        pytest.param(
            b'{"text": "", "gold": ""}',
            ("--html-field", "a.b"),
            "no field 'a.b'; name the field of the page's text or HTML with --html-field",
        ),
        pytest.param(b"[1]", (), "the line is no JSON object"),
        pytest.param(b'{"text"', (), "not valid JSON: Expecting ':' delimiter at column 8"),
        pytest.param(b'{"text": "\xe9"}', (), "not UTF-8: bad byte 0xe9 at offset 10"),
        pytest.param(b'{"a":' * 100_000, (), "not readable: nested too deeply"),
    ],
)
def test_eval_names_the_line_that_is_no_labelled_page(
    tmp_path: Path, content: bytes, arguments: tuple[str, ...], message: str
) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_bytes(json.dumps({**ROW, "a": {"b": HTML}}).encode() + b"\n\n" + content + b"\n")
    done = run("eval", path, *arguments)
    assert done.exit_code == 3
    assert done.stderr == f"cleaner: {path}:3: {message}\n"
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("none.jsonl", None, "cannot be read: No such file or directory"),
        pytest.param("empty.jsonl", b"", "holds no pages; one JSON object a line is asked for"),
        pytest.param("blank.jsonl", b"\n\n", "holds no pages; one JSON object a line is asked for"),
        pytest.param("plain.jsonl.gz", b"{}", "cannot be read: Not a gzipped file (b'{}')"),
        pytest.param(
            "short.jsonl.gz",
            gzip.compress(b"{}")[:-4],
            "cannot be read: Compressed file ended before the end-of-stream marker was reached",
        ),
    ],
)
def test_eval_names_the_file_that_cannot_be_read(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = run("eval", path)
    assert (done.exit_code, done.stderr) == (3, f"cleaner: {path}: {message}\n")


def test_eval_asked_for_wrongly(tmp_path: Path) -> None:
    path = labelled(tmp_path / "pages.jsonl", ROW)
    before = path.read_bytes()
    for arguments, message in (
        (("--field", "text", "--html-field", "html"), "--field and --html-field exclude each other"),
        (("--errors", path), "is an input of this run"),
        (("--rules", "standrad"), "unknown rule set 'standrad'"),
    ):
        done = run("eval", path, *arguments)
        assert done.exit_code == 2
        assert message in done.stderr
    assert path.read_bytes() == before


def test_errors_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = labelled(tmp_path / "pages.jsonl", ROW, {})
    assert run("eval", path, "--errors", tmp_path / "errors.tsv").exit_code == 3
    assert [found.name for found in tmp_path.iterdir()] == ["pages.jsonl"]


def test_without_the_extra_the_command_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    with pytest.raises(MissingExtraError):
        require_rapidfuzz()
    done = run("eval", labelled(tmp_path / "pages.jsonl", ROW))
    assert done.exit_code == 2
    assert done.stderr == "cleaner: measuring needs rapidfuzz: pip install 'article-cleaner[eval]'\n"


def test_reading_stops_at_the_page_that_is_none(tmp_path: Path) -> None:
    path = labelled(tmp_path / "pages.jsonl", ROW, {})
    pages = read_labelled(path, Fields(group="lang"))
    assert next(pages) == Page(ROW["text"], FERRY, "", "a", "en")
    with pytest.raises(LabelledError, match=r"pages\.jsonl:2: no field 'text'"):
        next(pages)


# Agreement with the benchmark's own judge, on all its pages.


@pytest.fixture(scope="module")
def judge() -> Any:
    """The benchmark's ``evaluate.py``."""
    if not JUDGE.is_file():
        pytest.skip(f"no labelled pages beside the checkout ({JUDGE.parent}): agreement is not tried")
    spec = importlib.util.spec_from_file_location("bench_evaluate", JUDGE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", FILES)
def test_figures_agree_with_the_judge(judge: Any, standard: Cleaner, name: str) -> None:
    _agree(judge, name, "extracted", standard.clean)


@pytest.mark.parametrize("name", FILES)
def test_figures_agree_with_the_judge_where_much_goes(judge: Any, name: str) -> None:
    _agree(judge, name, "fulltext", _roughly_cleaned)


def _agree(judge: Any, name: str, field: str, clean: Callable[[str], Result]) -> None:
    """Line by line: label and share removed; and all figures, in the digits that the judge prints."""
    tally, ours = judge.Tally(), Score()
    for page in read_labelled(data(name), Fields(field)):
        cleaned = clean(page.source)
        theirs = tally.add(page.source, cleaned.text, page.gold, page.title)
        found = judge_result(page, cleaned)
        assert [(line.text, line.label, line.gone / line.words) for line in found.lines] == theirs
        ours += Score.of(found)
    assert _row(ours) == tally.row()


def _roughly_cleaned(text: str) -> Result:
    """A stand-in that costs no time: short lines go, and of every seventh line the middle."""
    kept = []
    for number, line in enumerate(text.split("\n")):
        third = len(line) // 3
        kept.append(line[:third] + line[-third:] if number % 7 == 0 else line)
    return Result("\n".join(line for line in kept if len(line) > 25), (), (), "", text)


def _row(score: Score) -> str:
    return (
        f"pages {score.pages:5d}  chrome removed {100 * score.chrome_removed:6.2f}%"
        f"  body lost {100 * score.body_lost:6.3f}%  intact pages {100 * score.intact_pages:6.2f}%"
        f"  F1 {score.f1_before:.4f} -> {score.f1_after:.4f}  (chrome share {100 * score.chrome_share:.1f}%)"
    )


def two_files(folder: Path) -> list[str]:
    """Labelled pages whose names and rule sets hold what a drawing or a table could take for its own."""
    names = []
    for name in ("a_$1|2.jsonl", "b & <c>.jsonl"):
        path = folder / name
        path.write_text(json.dumps({"text": f"Advertisement\n{FERRY}\nWho knows\n", "gold": FERRY}) + "\n")
        names.append(str(path))
    return names


def test_eval_measures_rule_sets_side_by_side(tmp_path: Path) -> None:
    done = run("eval", *two_files(tmp_path), "--disable", "ads", "--against", "safe+page")
    rows = [line.split()[-9:-7] for line in done.stdout.splitlines()[1:7]]
    assert [row[0] for row in rows] == ["standard"] * 3 + ["safe+page"] * 3
    assert done.exit_code == 0


def test_eval_draws_and_writes_a_table(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    names = two_files(tmp_path)
    outputs = {kind: tmp_path / f"out.{kind}" for kind in ("svg", "png", "md", "tex")}
    for plot, table in (("svg", "md"), ("png", "tex")):
        options = ("--plot", str(outputs[plot]), "--table", str(outputs[table]))
        assert run("eval", *names, "--against", "safe", *options).exit_code == 0
    drawn = ElementTree.fromstring(outputs["svg"].read_bytes())  # noqa: S314 - written here
    assert drawn.tag.endswith("svg")
    assert outputs["png"].read_bytes().startswith(b"\x89PNG")
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)] for line in outputs["md"].read_text().splitlines()]
    assert {len(row) for row in cells} == {11}
    assert [row[1:3] for row in cells[2:]] == [
        ["a_$1\\|2", "standard"],
        ["b & <c>", "standard"],
        ["a_$1\\|2", "safe"],
        ["b & <c>", "safe"],
    ]
    assert r"a\_\$1|2 & standard & 1 & " in outputs["tex"].read_text()
    assert r"b \& <c> & safe & 1 & " in outputs["tex"].read_text()


def test_a_drawing_is_the_same_each_time() -> None:
    pytest.importorskip("matplotlib")
    rows = [Measured("pages", "standard", Score(1, 1, Words(4, 9), Words(2, 1), 0.8, 0.9))]
    first, second = BytesIO(), BytesIO()
    draw(rows, first)
    draw(rows, second)
    assert first.getvalue() == second.getvalue()
    draw([*rows, Measured("pages", "safe", Score(1, 1, Words(4, 9)))], other := BytesIO())
    assert other.getvalue() != first.getvalue()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        pytest.param(("--plot", "out.pdf"), "--plot out.pdf: the name must end in .svg or .png", id="a format unknown"),
        pytest.param(("--table", "out"), "--table out: the name must end in .md or .tex", id="no format"),
        pytest.param(("--against", "standart"), "standart", id="a rule set unknown"),
    ],
)
def test_eval_says_what_cannot_be_drawn(tmp_path: Path, options: tuple[str, str], problem: str) -> None:
    done = run("eval", *two_files(tmp_path), *options)
    assert done.exit_code == 2
    assert problem in done.stderr


def test_an_input_is_never_drawn_over(tmp_path: Path) -> None:
    names = two_files(tmp_path)
    before = Path(names[0]).read_bytes()
    assert run("eval", *names, "--table", names[0]).exit_code == 2
    assert Path(names[0]).read_bytes() == before
