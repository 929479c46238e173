"""Bad input: one clear line that names file and place, the rest of the run goes on, nothing is half written."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.making import lines
from tests.test_command import CLEAN, DIRTY, run

FIXTURES = ROOT / "tests" / "fixtures" / "bad_input"


@pytest.mark.parametrize(
    ("name", "message", "after"),
    [
        pytest.param(
            "not-utf8.txt",
            "not-utf8.txt: not UTF-8: bad byte 0xe9 at offset 10; name the right encoding with --encoding",
            None,
            id="not UTF-8",
        ),
        pytest.param(
            "utf16.txt", "utf16.txt: not UTF-8; it looks like UTF-16: try --encoding utf-16", None, id="UTF-16"
        ),
        pytest.param(
            "broken.jsonl",
            "broken.jsonl:2: not valid JSON: Expecting value at column 10",
            "clean",
            id="a line that does not parse",
        ),
        pytest.param(
            "field-missing.jsonl",
            "field-missing.jsonl:2: no field 'text'; name the field of the text with --field",
            "clean",
            id="a line without the field",
        ),
        pytest.param(
            "field-number.jsonl",
            "field-number.jsonl:2: field 'text' is not a string",
            "clean",
            id="a field that is no string",
        ),
        pytest.param(
            "no-object.jsonl", "no-object.jsonl:2: the line is no JSON object", "clean", id="a line that is no object"
        ),
        pytest.param(
            "two-values.jsonl",
            "two-values.jsonl:2: not valid JSON: Extra data at column 17",
            "clean",
            id="a line with something behind it",
        ),
        pytest.param(
            "not-utf8.jsonl",
            "not-utf8.jsonl:2: not UTF-8: bad byte 0xe9 at offset 10",
            "clean",
            id="a line that is not UTF-8",
        ),
        pytest.param(
            "empty.html", "empty.html: no article text found in the page", "none", id="a page without an article"
        ),
    ],
)
def test_a_bad_file_does_not_stop_the_run(tmp_path: Path, name: str, message: str, after: str | None) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(FIXTURES / name, folder / name)
    (folder / "zz-good.txt").write_text(DIRTY)
    done = run("clean", folder, "-o", tmp_path / "out")
    assert done.exit_code == 3
    errors = done.stderr.splitlines()
    assert len(errors) == 1
    assert errors[0].startswith("cleaner: ")
    assert message in errors[0]
    assert (tmp_path / "out" / "zz-good.txt").read_text() == CLEAN
    before = (FIXTURES / name).read_bytes()
    written = tmp_path / "out" / name
    if after is None:
        assert written.read_bytes() == before, "what cannot be read goes out as it came"
    elif after == "clean":
        first, bad, last = before.split(b"\n", 2)
        assert written.read_bytes() == first.replace(b"Advertisement\\n", b"") + b"\n" + bad + b"\n" + last.replace(
            b"Advertisement\\n", b""
        )
    else:
        assert not list((tmp_path / "out").glob("empty*"))


def test_the_right_encoding_mends_it(tmp_path: Path) -> None:
    for name, encoding in (("not-utf8.txt", "latin-1"), ("utf16.txt", "utf-16")):
        out = tmp_path / name
        assert run("clean", FIXTURES / name, "-o", out, "--encoding", encoding).exit_code == 0
        before = (FIXTURES / name).read_bytes()
        wanted = before.decode(encoding).replace("Advertisement\n", "")
        assert out.read_bytes().decode(encoding) == wanted
        assert out.read_bytes()[:2] == before[:2], "byte order and its mark stay"


def test_an_encoding_that_does_not_lead_back_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"+AGEAYg- and more words\nAdvertisement\n")
    done = run("clean", path, "--in-place", "--encoding", "utf-7")
    assert done.exit_code == 3
    assert "cannot be written back in utf-7 without changing other bytes" in done.stderr
    assert path.read_bytes() == b"+AGEAYg- and more words\nAdvertisement\n"


posix = pytest.mark.skipif(os.name != "posix", reason="links and permissions as POSIX has them")
not_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read and write everything")


@posix
def test_a_broken_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "in" / "zz.txt").write_text(DIRTY)
    done = run("clean", tmp_path / "in", "-o", tmp_path / "out")
    assert (done.exit_code, done.stderr) == (3, f"cleaner: {tmp_path / 'in' / 'link.txt'}: No such file or directory\n")
    assert (tmp_path / "out" / "zz.txt").read_text() == CLEAN


@not_root
def test_an_unreadable_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY)
    (tmp_path / "a.txt").chmod(0)
    done = run("clean", tmp_path / "a.txt", "-o", tmp_path / "b.txt")
    assert (done.exit_code, done.stderr) == (3, f"cleaner: {tmp_path / 'a.txt'}: Permission denied\n")


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same as above for root, who may read everything."""
    import builtins

    (tmp_path / "a.txt").write_text(DIRTY)
    real = builtins.open

    def refuse(file: object, *args: object, **kwargs: object) -> object:
        if str(file).endswith("a.txt"):
            raise PermissionError(13, "Permission denied", str(file))
        return real(file, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", refuse)
    done = run("clean", tmp_path / "a.txt", "-o", tmp_path / "b.txt")
    assert (done.exit_code, done.stderr) == (3, f"cleaner: {tmp_path / 'a.txt'}: Permission denied\n")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY)
    (tmp_path / "file").write_text("in the way")
    done = run("clean", tmp_path / "a.txt", "-o", tmp_path / "file" / "sub" / "b.txt")
    assert done.exit_code == 3
    assert done.stderr.startswith(f"cleaner: {tmp_path / 'file'}")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("command", "named"), [(["clean", "--in-place"], "."), (["check", "--fix"], "rows.jsonl")])
def test_a_write_that_fails_half_way_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], named: str
) -> None:
    path = tmp_path / "rows.jsonl"
    rows = (json.dumps({"text": DIRTY}) + "\n") * 3
    path.write_text(rows)
    calls = []

    def fail(self: object, removals: object) -> bytes:
        calls.append(1)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return b"half\n"

    monkeypatch.setattr("cleaner.formats.json_lines.JsonLine.without", fail)
    done = run(*command, path)
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        3,
        f"cleaner: {tmp_path / named}: No space left on device",
    )
    assert path.read_text() == rows
    assert [entry.name for entry in tmp_path.iterdir()] == ["rows.jsonl"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(
            ["clean", "in.txt", "-o", "in.txt"],
            "in.txt: the output would overwrite the input; use --in-place if that is meant",
            id="output over input",
        ),
        pytest.param(
            ["clean", "sub", "-o", "sub"], "the output would overwrite the input", id="output folder over input folder"
        ),
        pytest.param(
            ["clean", "in.txt", "--in-place", "-o", "x"], "-o and --in-place exclude each other", id="both targets"
        ),
        pytest.param(
            ["clean", "in.txt", "sub/in.txt"],
            "2 inputs, and nowhere to write them: name a folder with -o, or use --in-place",
            id="several inputs, no target",
        ),
        pytest.param(
            ["clean", "in.txt", "sub/in.txt", "-o", "out"],
            "in.txt and sub/in.txt would both be written to out/in.txt",
            id="two inputs, one target",
        ),
        pytest.param(
            ["clean", "in.txt", "sub", "-o", "other.txt"],
            "other.txt: is a file, and there are several inputs; name a folder",
            id="several inputs, one file",
        ),
        pytest.param(
            ["clean", "-", "--in-place"], "standard input cannot be written in place", id="standard input in place"
        ),
        pytest.param(
            ["clean", "a.ods"],
            "a.ods: the name tells no format; name one with --format (txt, md, html, jsonl, csv, tsv, parquet, warc)",
            id="unknown format",
        ),
        pytest.param(
            ["clean", "in.txt", "-o", "out.parquet"],
            "out.parquet: txt comes out as txt, which this name does not tell",
            id="a format is asked for that does not come out",
        ),
        pytest.param(
            ["clean", "in.txt", "--format", "json"],
            "--format json: no format 'json'; there are txt, md, html, jsonl, csv, tsv, parquet, warc, and .gz or .zst",
            id="a format that is not there",
        ),
        pytest.param(["clean", "*.docx"], "*.docx: no file matches the pattern", id="a pattern without files"),
        pytest.param(["clean", "in.txt", "--rules", "strict"], "unknown rule set 'strict'", id="unknown rule set"),
        pytest.param(["clean", "in.txt", "--rules", "bad.toml"], "bad.toml: format: missing", id="bad rule file"),
        pytest.param(
            ["clean", "in.txt", "--disable", "bogus-rule"],
            "'bogus-rule' is no rule and no category",
            id="unknown rule to disable",
        ),
        pytest.param(
            ["clean", "in.txt", "--encoding", "utf-9"],
            "--encoding utf-9: no such encoding is known",
            id="unknown encoding",
        ),
        pytest.param(
            ["clean", "in.txt", "--max-removed", "7"],
            "max_removed must be between 0 and 1, not 7.0",
            id="share out of bounds",
        ),
        pytest.param(
            ["clean", "in.txt", "-o", "out.txt", "--audit", "in.txt"],
            "--audit in.txt: is an input or output of this run; name another file",
            id="audit over input",
        ),
        pytest.param(
            ["restore", "in.txt", "--audit", "a.jsonl"],
            "say where the restored texts go: -o DIR|FILE or --in-place",
            id="restore without a target",
        ),
        pytest.param(
            ["restore", "in.txt", "--audit", "nowhere", "-o", "x"],
            "--audit nowhere: cannot be read: No such file or directory",
            id="no audit",
        ),
        pytest.param(
            ["restore", "in.txt", "--audit", "bad.jsonl", "-o", "x"],
            "bad.jsonl:1: not a row of an audit",
            id="an audit that is none",
        ),
        pytest.param(
            ["restore", "in.txt", "--audit", "newer.jsonl", "-o", "x"],
            "newer.jsonl:1: audit format 2 is not the one this version reads (1)",
            id="an audit of another version",
        ),
    ],
)
def test_wrong_usage_is_told_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for name in ("in.txt", "sub/in.txt", "other.txt"):
        (tmp_path / name).write_text(DIRTY)
    (tmp_path / "a.ods").write_text("x")
    (tmp_path / "bad.toml").write_text("[[rule]]\n")
    (tmp_path / "bad.jsonl").write_text("[1]\n")
    (tmp_path / "newer.jsonl").write_text('{"audit": 2}\n')
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    done = run(*args)
    assert done.exit_code == 2
    assert message.replace("/", os.sep) in done.stderr or message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


def test_a_missing_file_is_an_input_that_failed(tmp_path: Path) -> None:
    done = run("check", tmp_path / "nowhere.txt")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        3,
        f"cleaner: {tmp_path / 'nowhere.txt'}: No such file or directory",
    )


def test_utf16_json_lines_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n", encoding="utf-16")
    for options in (["--encoding", "utf-16"], []):
        done = run("clean", tmp_path / "a.jsonl", "--in-place", *options)
        assert (done.exit_code, len(done.stderr.splitlines())) == (3, 1)
        assert "cannot be read line by line; convert it to UTF-8" in done.stderr


def test_a_flagged_document_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        lines(
            "By Anna Kowalczyk",
            "Read more: The ferry is back",
            "Tags: a, b",
            "Ferry news, every day, all day long, said she.",
        )
    )
    done = run("clean", tmp_path / "a.txt", "-o", tmp_path / "b.txt", "--max-removed", "0.0")
    assert done.exit_code == 0
    assert f"cleaner: {tmp_path / 'a.txt'}: kept back: max-removed" in done.stderr
