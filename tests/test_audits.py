"""Audits on disk: the same rows as JSON lines and as Parquet, and rows that find their files again."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.batch import clean_corpus
from cleaner.formats import audits
from tests.corpora import cleaned, make, options, planned, tree
from tests.test_batches import Killed, stopping
from tests.test_command import CLEAN, DIRTY, run


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner("safe")


def rows_in(audit: Path) -> list[bytes]:
    with audits.opened_audit(audit) as lines:
        return list(lines)


def test_a_table_holds_what_the_lines_do_killed_or_not(
    cleaner: Cleaner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet

    corpus = make(tmp_path / "in", records=100)
    cleaned(cleaner, corpus, tmp_path / "lines")
    lines = rows_in(tmp_path / "lines" / "audit.jsonl")
    assert b"".join(lines) == (tmp_path / "lines" / "audit.jsonl").read_bytes()
    monkeypatch.setattr(audits, "_ROWS", 30)
    for times in (0, 3, 9):
        out = tmp_path / f"table-{times}"
        asked = options(out, audit=out / "audit.parquet")
        if times:
            with pytest.raises(Killed):
                clean_corpus(cleaner, planned(corpus, out), asked, on_done=stopping(times))
        clean_corpus(cleaner, planned(corpus, out), asked, resume=True)
        assert rows_in(out / "audit.parquet") == lines
        assert pyarrow.parquet.ParquetFile(out / "audit.parquet").num_row_groups == -(-len(lines) // 30)
        assert {name for name in tree(out) if "made" not in name} == {"audit.parquet", "failures.jsonl"}


def test_a_run_killed_while_the_table_is_written_goes_on(
    cleaner: Cleaner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, out = make(tmp_path / "in"), tmp_path / "out"
    asked = options(out, audit=out / "audit.parquet")

    def killed(lines: object, sink: io.BufferedWriter) -> None:
        sink.write(b"PAR1 and no more")
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("cleaner.batch.corpus.write_table", killed)
        with pytest.raises(Killed):
            clean_corpus(cleaner, planned(corpus, out), asked)
    assert not (out / "audit.parquet").exists()
    clean_corpus(cleaner, planned(corpus, out), asked, resume=True)
    cleaned(cleaner, corpus, tmp_path / "lines")
    assert rows_in(out / "audit.parquet") == rows_in(tmp_path / "lines" / "audit.jsonl")


@pytest.mark.parametrize("name", ["audit.jsonl", "audit.parquet"])
def test_restore_reads_either(tmp_path: Path, name: str) -> None:
    """Also what no column can hold: lone surrogates in texts and in names."""
    texts = [f"{DIRTY} \ud800 \U0001f600", "\udfff\nAdvertisement\ud800\n", "Advertisement\n" * 3, CLEAN]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "rows.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    (tmp_path / "in" / "a\u00e9\u2028.txt").write_text(DIRTY)
    if os.name == "posix":
        (tmp_path / "in" / os.fsdecode(b"caf\xe9.txt")).write_text(DIRTY)
    audit = tmp_path / name
    assert run("clean", tmp_path / "in", "-o", tmp_path / "out", "--audit", audit).exit_code == 0
    assert tree(tmp_path / "out") != tree(tmp_path / "in")
    assert run("restore", tmp_path / "out", "--audit", audit, "-o", tmp_path / "back").exit_code == 0
    assert tree(tmp_path / "back") == tree(tmp_path / "in")


def test_a_table_of_what_went_to_standard_output(tmp_path: Path) -> None:
    audit = tmp_path / "audit.parquet"
    assert run("clean", "-", "--audit", audit, stdin=DIRTY).stdout == CLEAN
    done = run("restore", "-", "--audit", audit, "-o", "-", stdin=CLEAN)
    assert (done.exit_code, done.stdout) == (0, DIRTY)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"{}\n"])
def test_a_broken_table_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.txt").write_text(CLEAN)
    (tmp_path / "audit.parquet").write_bytes(content)
    done = run("restore", tmp_path / "a.txt", "--audit", tmp_path / "audit.parquet", "-o", tmp_path / "b.txt")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert "audit.parquet: the audit cannot be read as Parquet" in done.stderr


def test_a_table_of_other_columns_is_no_audit(tmp_path: Path) -> None:
    make(tmp_path / "in")
    (tmp_path / "a.txt").write_text(CLEAN)
    done = run("restore", tmp_path / "a.txt", "--audit", tmp_path / "in" / "cells.parquet", "-o", tmp_path / "b.txt")
    assert done.exit_code == 2
    assert "not an audit: its columns are others" in done.stderr


def test_files_of_one_name_in_several_folders_are_told_apart(tmp_path: Path) -> None:
    """A file in which nothing went has no row; that of another file of its name is none of it."""
    for folder, text in (("a", CLEAN), ("b", DIRTY), ("c", "Advertisement\nOther.\n"), (".", CLEAN)):
        (tmp_path / "in" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / folder / "index.txt").write_text(text)
        (tmp_path / "in" / folder / "rows.jsonl").write_text(
            json.dumps({"text": text}) + "\n" + json.dumps({"text": "x"})
        )
    audit = tmp_path / "audit.jsonl"
    run("clean", tmp_path / "in", "-o", tmp_path / "out", "--audit", audit)
    done = run("restore", tmp_path / "out", "--audit", audit, "-o", tmp_path / "back")
    assert (done.exit_code, done.stdout) == (0, "4 of 8 files restored, the others had nothing to restore\n")
    assert tree(tmp_path / "back") == tree(tmp_path / "in")
    one = tmp_path / "out" / "b" / "index.txt"
    assert run("restore", one, "--audit", audit, "-o", tmp_path / "one.txt").exit_code == 0
    assert (tmp_path / "one.txt").read_text() == DIRTY
    one.write_text("edited")
    assert "was changed since" in run("restore", tmp_path / "out", "--audit", audit, "-o", tmp_path / "again").stderr


def test_files_that_were_moved_are_found_by_what_is_in_them(tmp_path: Path) -> None:
    for folder, text in (("a", DIRTY), ("b", "Advertisement\nOther.\n")):
        (tmp_path / "in" / folder).mkdir(parents=True)
        (tmp_path / "in" / folder / "index.txt").write_text(text)
    audit = tmp_path / "audit.jsonl"
    run("clean", tmp_path / "in", "-o", tmp_path / "out", "--audit", audit)
    (tmp_path / "out" / "b").rename(tmp_path / "elsewhere")
    done = run("restore", tmp_path / "elsewhere", "--audit", audit, "-o", tmp_path / "back")
    assert done.exit_code == 0
    assert tree(tmp_path / "back") == {"index.txt": b"Advertisement\nOther.\n"}


def test_rows_in_another_order_are_found(tmp_path: Path) -> None:
    """Audits that were put together, sorted or have blank lines."""
    rows = "".join(json.dumps({"text": f"Advertisement\nLine {number}.\n"}) + "\n" for number in range(9))
    (tmp_path / "rows.jsonl").write_text(rows)
    audit = tmp_path / "audit.jsonl"
    run("clean", tmp_path / "rows.jsonl", "-o", f"{tmp_path}/out/", "--audit", audit)
    lines = audit.read_text().splitlines(keepends=True)
    assert len(lines) == 9
    audit.write_text("\n" + "".join(lines[::2]) + "\n" + "".join(reversed(lines[1::2])))
    assert run("restore", tmp_path / "out", "--audit", audit, "-o", tmp_path / "back").exit_code == 0
    assert (tmp_path / "back" / "rows.jsonl").read_text() == rows
