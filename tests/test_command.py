"""The command line, as its users see it: output, files, exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cleaner.cli.app import app
from tests.conftest import SAMPLES
from tests.making import PRINT_PEAK, PROSE, lines

DIRTY = lines(PROSE[0], "Advertisement", PROSE[1])
CLEAN = lines(PROSE[0], PROSE[1])


def run(*args: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], input=stdin, catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small tree: two that need cleaning, one that does not, one that is no text."""
    root = tmp_path / "in"
    (root / "sub").mkdir(parents=True)
    (root / "one.txt").write_bytes(DIRTY.encode())
    (root / "sub" / "two.md").write_bytes(DIRTY.replace("\n", "\r\n").encode())
    (root / "sub" / "clean.txt").write_bytes(CLEAN.encode())
    (root / "picture.png").write_bytes(b"\x89PNG")
    return root


def test_clean_a_folder_mirrors_the_tree(folder: Path, tmp_path: Path) -> None:
    done = run("clean", folder, "-o", tmp_path / "out")
    assert done.exit_code == 0
    out = {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in (tmp_path / "out").rglob("*.*")}
    assert out == {
        "one.txt": CLEAN.encode(),
        "sub/two.md": CLEAN.replace("\n", "\r\n").encode(),
        "sub/clean.txt": CLEAN.encode(),
    }
    assert "3 documents, 2 changed" in done.stdout
    assert "1 other file left out" in done.stdout
    assert re.search(r"ads +2", done.stdout)


def test_a_second_run_finds_its_own_output_nowhere_in_its_input(folder: Path) -> None:
    for _ in range(2):
        assert "3 documents" in run("clean", folder, "-o", folder / "out").stdout


def test_clean_in_place_writes_what_changed_and_nothing_else(folder: Path) -> None:
    before = (folder / "sub" / "clean.txt").stat().st_mtime_ns
    (folder / "one.txt").chmod(0o640)
    assert run("clean", folder, "--in-place").exit_code == 0
    assert (folder / "one.txt").read_bytes() == CLEAN.encode()
    assert (folder / "sub" / "clean.txt").stat().st_mtime_ns == before
    if os.name == "posix":
        assert (folder / "one.txt").stat().st_mode & 0o777 == 0o640
    assert not list(folder.rglob("*.tmp"))


def test_clean_one_file_to_standard_output(folder: Path) -> None:
    done = run("clean", folder / "one.txt")
    assert done.stdout == CLEAN
    assert "1 document, 1 changed" in done.stderr


def test_clean_standard_input(folder: Path) -> None:
    assert run("clean", "-", stdin=DIRTY).stdout == CLEAN
    row = json.dumps({"id": 1, "text": DIRTY})
    assert json.loads(run("clean", "-", "--format", "jsonl", stdin=row + "\n").stdout) == {"id": 1, "text": CLEAN}


def test_clean_one_file_to_one_file_or_into_a_folder(folder: Path, tmp_path: Path) -> None:
    run("clean", folder / "one.txt", "-o", tmp_path / "made" / "x.txt")
    run("clean", folder / "one.txt", "-o", f"{tmp_path}/new/")
    run("clean", folder / "one.txt", "-o", tmp_path)
    assert all((tmp_path / name).read_text() == CLEAN for name in ("made/x.txt", "new/one.txt", "one.txt"))


def test_globs_are_expanded_where_the_shell_did_not(folder: Path, tmp_path: Path) -> None:
    assert "2 documents" in run("clean", folder / "**" / "*.txt", "-o", tmp_path / "out").stdout


def test_json_report_is_the_table_for_machines(folder: Path, tmp_path: Path) -> None:
    report = json.loads(run("clean", folder, "-o", tmp_path / "out", "--json").stdout)
    assert report["documents"] == 3
    assert report["changed"] == 2
    assert report["characters_removed"] == 2 * len("Advertisement") + 3
    assert report["by_category"] == {"ads": 2}
    assert report["failed"] == []
    assert len(report["rules_digest"]) == 64


def test_check_says_what_would_go_and_changes_nothing(folder: Path) -> None:
    done = run("check", folder)
    assert done.exit_code == 1
    assert f"{folder / 'one.txt'}: ad-label" in done.stdout
    assert (folder / "one.txt").read_text() == DIRTY
    assert run("check", folder / "sub" / "clean.txt").exit_code == 0


def test_check_diff(folder: Path) -> None:
    done = run("check", folder / "one.txt", "--diff")
    assert "\n-Advertisement\n" in done.stdout
    assert done.stdout.startswith("--- ")


def test_check_fix_mends_and_still_exits_1(folder: Path) -> None:
    assert run("check", folder, "--fix").exit_code == 1
    assert (folder / "one.txt").read_text() == CLEAN
    assert run("check", folder, "--fix").exit_code == 0


def test_explain_marks_what_goes_and_says_why(folder: Path) -> None:
    done = run("explain", folder / "one.txt")
    assert done.exit_code == 0
    assert "[-Advertisement-] {ad-label}" in done.stdout
    assert "ad-label (ads, safe): " in done.stdout
    assert "Nothing goes." in run("explain", folder / "sub" / "clean.txt").stdout


HOSTILE = "\x1b[31mred\x1b[0m [bold]not bold[/bold] :smile: \u202eback\x07\n" + DIRTY


@pytest.mark.parametrize("command", [["explain"], ["check", "--diff"], ["check"]])
def test_control_characters_and_markup_are_shown_not_obeyed(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "a[red]b.txt"
    path.write_text(HOSTILE, newline="")
    shown = run(*command, path).stdout
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "\u202e" not in shown
    assert "a[red]b.txt" in shown or command == ["explain"]
    if command != ["check"]:
        assert "\\x1b[31mred\\x1b[0m [bold]not bold[/bold] :smile: \\u202eback\\x07" in shown


@pytest.mark.skipif(os.name != "posix", reason="names with control characters are for POSIX")
def test_names_of_files_are_harmless_too(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\nb.txt"
    path.write_text(DIRTY)
    shown = run("check", path).stdout
    assert "\x1b" not in shown
    assert "a\\x1b[31m\\nb.txt: ad-label" in shown


def test_audit_and_restore_round_trip(folder: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    (folder / "rows.jsonl").write_bytes(
        b'{"text": "\\u0041 ' + PROSE[0].encode() + b'\\nAdvertisement\\r\\n"}\n\n{"text":"ok"}'
    )
    before[folder / "rows.jsonl"] = (folder / "rows.jsonl").read_bytes()
    audit = tmp_path / "audit.jsonl"
    run("clean", folder, "-o", tmp_path / "out", "--audit", audit)
    done = run("restore", tmp_path / "out", "--audit", audit, "-o", tmp_path / "back")
    assert (done.exit_code, done.stdout) == (0, "3 of 4 files restored, the others had nothing to restore\n")
    for path in (tmp_path / "back").rglob("*.*"):
        assert path.read_bytes() == before[folder / path.relative_to(tmp_path / "back")]
    audit = tmp_path / "other.jsonl"
    run("clean", folder, "--in-place", "--audit", audit)
    assert (folder / "one.txt").read_text() == CLEAN
    assert run("restore", folder, "--audit", audit, "--in-place").exit_code == 0
    assert {path: path.read_bytes() for path in before} == before


def test_restore_refuses_a_text_that_was_edited_since(folder: Path, tmp_path: Path) -> None:
    audit = tmp_path / "audit.jsonl"
    run("clean", folder, "--in-place", "--audit", audit)
    (folder / "one.txt").write_text(CLEAN + "edited\n")
    done = run("restore", folder, "--audit", audit, "--in-place")
    assert done.exit_code == 3
    assert "one.txt: was changed since it was cleaned" in done.stderr
    assert (folder / "one.txt").read_text() == CLEAN + "edited\n"
    assert (folder / "sub" / "two.md").read_bytes() == DIRTY.replace("\n", "\r\n").encode(), "the others are restored"


def test_audit_rows_hold_the_digests(folder: Path, tmp_path: Path) -> None:
    import hashlib

    from cleaner import Cleaner

    audit = tmp_path / "audit.jsonl"
    run("clean", folder / "one.txt", "-o", tmp_path / "out.txt", "--audit", audit)
    (row,) = map(json.loads, audit.read_text().splitlines())
    assert row["before"] == hashlib.sha256(DIRTY.encode()).hexdigest()
    assert row["after"] == hashlib.sha256(CLEAN.encode()).hexdigest()
    assert row["rules_digest"] == Cleaner("standard").rules_digest
    assert row["removals"] == [
        {"start": len(PROSE[0]) + 1, "end": len(PROSE[0]) + 15, "rule": "ad-label", "text": "Advertisement\n"}
    ]


def test_json_lines_keep_every_other_byte(tmp_path: Path) -> None:
    rows = [
        b'{"a": 1.50, "text" : "It rained. (turn0search1)\\u00e9\\/\\ud83d\\ude00", "b": [1,  2]}\r\n',
        b"\n",
        b'{"text": "Clean."}   \n',
        b'{"text": "one", "text": "It rained. (turn0search1)"}\n',
        b'{"text": "Last. (turn0search1)"}',
    ]
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"".join(rows))
    run("clean", path, "--in-place")
    gone = b" (turn0search1)"
    assert path.read_bytes() == b"\xef\xbb\xbf" + rows[0].replace(gone[1:], b"") + rows[1] + rows[2] + rows[3].replace(
        gone, b""
    ) + rows[4].replace(gone, b"")


def test_json_lines_field_is_a_dotted_path(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"text": "Advertisement", "doc": {"body": [0], "text": DIRTY}}) + "\n")
    run("clean", path, "--in-place", "--field", "doc.text")
    assert json.loads(path.read_text()) == {"text": "Advertisement", "doc": {"body": [0], "text": CLEAN}}


def test_html_in_gives_text_out(tmp_path: Path) -> None:
    page = (
        "<html><body><article><h1>Ferry</h1>"
        + "".join(f"<p>{p}</p>" for p in (*PROSE, "Advertisement"))
        + "</article></body></html>"
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.html").write_text(page)
    assert run("clean", tmp_path / "in", "-o", tmp_path / "out").exit_code == 0
    text = (tmp_path / "out" / "page.txt").read_text()
    assert PROSE[0] in text
    assert "Advertisement" not in text
    assert run("clean", tmp_path / "in" / "page.html", "--in-place").exit_code == 2
    assert "1 other file left out" in run("clean", tmp_path / "in", "--in-place").stdout


def test_own_rules_next_to_the_shipped_ones(folder: Path, tmp_path: Path) -> None:
    from tests.test_rules import MINE

    mine = tmp_path / "mine.toml"
    mine.write_text(MINE)
    text = "Save this story to your reading list\n" + DIRTY
    assert run("clean", "-", "--rules", "standard", "--rules", mine, stdin=text).stdout == CLEAN
    assert run("clean", "-", "--rules", mine, stdin=text).stdout == DIRTY
    assert run("clean", "-", "--disable", "ads", stdin=DIRTY).stdout == DIRTY
    done = run("rules", "test", mine)
    assert done.exit_code == 0
    assert done.stdout.startswith("1 rule, 3 examples, each alone and within the rule set: none broken\n")
    assert "generated texts of each sort for a rule: none took body" in done.stdout


def test_rules_list_and_show() -> None:
    listed = run("rules", "list", "--rules", "safe")
    assert re.search(r"^ad-label +ads +safe +line +en", listed.stdout, re.MULTILINE)
    shown = run("rules", "show", "ad-label").stdout
    assert shown.startswith("ad-label\n")
    assert "keywords:" in shown
    missing = run("rules", "show", "ad-lable")
    assert missing.exit_code == 2
    assert "no rule 'ad-lable'; did you mean 'ad-label'?" in missing.stderr


def test_rules_test_shows_what_a_bad_rule_eats(tmp_path: Path) -> None:
    from tests.test_rules import MINE

    bad = tmp_path / "bad.toml"
    bad.write_text(MINE.replace("'save (?:this )?story to your reading list\\W*'", "'save .*to your reading list.*'"))
    done = run("rules", "test", bad)
    assert done.exit_code == 1
    assert (
        "bad.toml: rule 'reading-list-prompt': keep 'Save the story to your reading list on the train, she says.'"
        in done.stdout
    )
    assert "    -Save the story to your reading list on the train, she says." in done.stdout


def test_help_and_version() -> None:
    for command in ([], ["clean"], ["check"], ["explain"], ["restore"], ["rules"], ["rules", "test"]):
        done = run(*command, "--help")
        assert done.exit_code == 0
        assert "Usage:" in done.stdout
    assert re.fullmatch(r"cleaner \d+\.\d+\.\d+\n", run("--version").stdout)


def test_nothing_heavy_is_imported_for_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY)
    code = (
        "import sys; from cleaner.cli.app import app\n"
        f"try: app(['clean', {str(tmp_path / 'a.txt')!r}])\nexcept SystemExit: pass\n"
        "print([m for m in ('trafilatura', 'lxml', 'hypothesis') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_folder_of_two_thousand_samples_in_little_memory(tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="peak memory is read from the operating system, on POSIX")
    samples = [path for path in sorted(SAMPLES.glob("*.txt")) if ".expected" not in path.name]
    for number in range(2_000):
        sample = samples[number % len(samples)]
        (tmp_path / f"{number}.txt").write_bytes(sample.read_bytes())
    code = (
        "from cleaner.cli.app import app\n"
        f"try: app(['clean', {str(tmp_path)!r}, '-o', {str(tmp_path / 'out')!r}, '--json'])\nexcept SystemExit as e: assert not e.code\n"
    )
    done = subprocess.run([sys.executable, "-c", code + PRINT_PEAK], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["documents"] == 2_000
    assert int(done.stderr.splitlines()[-1]) < 200_000
    assert len(list((tmp_path / "out").iterdir())) == 2_000
