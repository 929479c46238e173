"""Runs over a corpus: the same bytes whatever the number of workers, and whoever stopped them on the way."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.batch import InputError, Often, Report, StrictError, clean_corpus, clean_tasks, plan
from cleaner.batch.journal import Journal
from cleaner.batch.report import Trouble, Troubles
from cleaner.formats import Reading
from tests.corpora import SMALL, cleaned, make, options, planned, tree
from tests.making import lines
from tests.test_command import CLEAN, DIRTY, run


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner("safe")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("corpus") / "in")


@pytest.fixture(scope="module")
def unbroken(
    cleaner: Cleaner, corpus: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, bytes], Report]:
    """What one process makes of the corpus in one go."""
    out = tmp_path_factory.mktemp("unbroken")
    return relative(cleaned(cleaner, corpus, out), out)


def relative(report: Report, out: Path) -> tuple[dict[str, bytes], Report]:
    return tree(out), report


def test_shards_are_those_of_a_run_record_by_record(
    cleaner: Cleaner, corpus: Path, unbroken: tuple[dict[str, bytes], Report], tmp_path: Path
) -> None:
    report, rows = Report(), list[str]()
    tasks = planned(corpus, tmp_path).tasks
    for _ in clean_tasks(
        cleaner, tasks, report, reading=Reading(), on_audit=lambda row: rows.append(row.as_json() + "\n")
    ):
        pass
    made, by_shards = unbroken
    assert tree(tmp_path / "made") == {
        name.removeprefix("made/"): raw for name, raw in made.items() if name.startswith("made/")
    }
    assert made["audit.jsonl"].decode() == "".join(rows)
    failures = [json.loads(line) for line in made["failures.jsonl"].splitlines()]
    assert [(row["path"], row["record"], row["reason"]) for row in failures] == [
        (trouble.path, trouble.record, trouble.problem) for trouble in report.failed
    ]
    assert len(failures) == 6
    told = by_shards.as_dict()
    assert told.pop("top") == []
    assert told == report.as_dict()


@pytest.mark.parametrize(("jobs", "size"), [(1, 1 << 30), (1, 1), (2, SMALL)])
def test_the_bytes_do_not_depend_on_workers_and_shards(
    cleaner: Cleaner,
    corpus: Path,
    unbroken: tuple[dict[str, bytes], Report],
    tmp_path: Path,
    jobs: int,
    size: int,
) -> None:
    report = cleaned(cleaner, corpus, tmp_path, jobs=jobs, shard_bytes=size)
    assert tree(tmp_path) == unbroken[0]
    assert report.as_dict(top=3) == unbroken[1].as_dict(top=3)
    assert report.often is not None
    assert report.often.most(1) == [("Advertisement", 19 + 19 + 40 + 2 + 20)]


class Killed(BaseException):
    """Stands for a kill: nothing in the program is told of it."""


def stopping(calls: int, then: Callable[..., object] | None = None) -> Callable[..., object]:
    left = [calls]

    def step(*args: object) -> object:
        if left[0] == 0:
            raise Killed
        left[0] -= 1
        return None if then is None else then(*args)

    return step


@pytest.mark.parametrize("where", ["on_done", "save", "move", "put"])
@pytest.mark.parametrize("in_place", [False, True])
def test_a_run_that_is_killed_anywhere_goes_on_to_the_same_bytes(
    cleaner: Cleaner,
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    in_place: bool,
) -> None:
    from cleaner.batch import journal as module

    def planned_at(folder: Path) -> object:
        return (
            plan([str(folder / "made")], in_place=True) if in_place else plan([str(corpus)], output=f"{folder}/made/")
        )

    whole, broken = tmp_path / "a", tmp_path / "b"
    for folder in (whole, broken):
        if in_place:
            make(folder / "made")
        monkeypatch.chdir(folder.parent)
        folder.mkdir(exist_ok=True)
    monkeypatch.chdir(whole)
    wanted_report = clean_corpus(cleaner, planned_at(Path()), options(Path()))  # type: ignore[arg-type]
    monkeypatch.chdir(broken)
    real = {"save": Journal.save, "move": Journal.move, "put": module.put}
    kills = 0
    while True:
        steps = stopping(3, real.get(where))
        with monkeypatch.context() as patch:
            if where == "put":
                patch.setattr(module, "put", steps)
            elif where != "on_done":
                patch.setattr(Journal, where, lambda *args, steps=steps: steps(*args))
            on_done = steps if where == "on_done" else stopping(-1)
            try:
                report = clean_corpus(
                    cleaner,
                    planned_at(Path()),
                    options(Path()),
                    resume=kills > 0,
                    on_done=on_done,  # type: ignore[arg-type]
                )
                break
            except Killed:
                kills += 1
    assert kills > 2
    assert tree(broken) == tree(whole)
    assert report.as_dict(top=3) == wanted_report.as_dict(top=3)


@pytest.fixture
def begun(cleaner: Cleaner, corpus: Path, tmp_path: Path) -> Path:
    """The output folder of a run that was stopped."""
    with pytest.raises(Killed):
        clean_corpus(cleaner, planned(corpus, tmp_path), options(tmp_path), on_done=stopping(2))
    return tmp_path


def test_going_on_with_other_rules_or_options_is_refused(corpus: Path, begun: Path, cleaner: Cleaner) -> None:
    aim = planned(corpus, begun)
    before = tree(begun)
    for other, asked, message in (
        (Cleaner("standard"), options(begun), "had other rules: go on with the same, or delete"),
        (cleaner, options(begun, lang="fr"), "had lang None, not 'fr'"),
        (cleaner, options(begun, audit=None), "had audit "),
        (Cleaner("safe", max_removed=0.5), options(begun), "had max_removed 0.6, not 0.5"),
    ):
        with pytest.raises(InputError, match=message):
            clean_corpus(other, aim, asked, resume=True)
    with pytest.raises(InputError, match="notes of a run that is not done: go on with --resume, or delete them"):
        clean_corpus(cleaner, aim, options(begun))
    assert tree(begun) == before


def test_what_is_told_of_bytes_adds_up(cleaner: Cleaner, corpus: Path, begun: Path) -> None:
    told: list[int] = []
    done = clean_corpus(
        cleaner, planned(corpus, begun), options(begun), resume=True, on_done=lambda _, size: told.append(size)
    )
    assert done.documents > 0
    assert told[0] > 0, "what was done before"
    packed = corpus / "cells.parquet"
    assert sum(told) == sum(path.stat().st_size for path in corpus.iterdir() if path != packed)


def test_going_on_with_other_inputs_is_refused(
    begun: Path, tmp_path_factory: pytest.TempPathFactory, cleaner: Cleaner
) -> None:
    other = make(tmp_path_factory.mktemp("other") / "in")
    with pytest.raises(InputError, match="had other inputs"):
        clean_corpus(cleaner, planned(other, begun), options(begun), resume=True)


def test_resume_where_nothing_was_begun_begins(
    cleaner: Cleaner, corpus: Path, unbroken: tuple[dict[str, bytes], Report], tmp_path: Path
) -> None:
    clean_corpus(cleaner, planned(corpus, tmp_path), options(tmp_path), resume=True)
    assert tree(tmp_path) == unbroken[0]


def test_strict_stops_at_the_first_failure_and_leaves_nothing_half_written(
    cleaner: Cleaner, corpus: Path, tmp_path: Path
) -> None:
    with pytest.raises(StrictError) as stopped:
        cleaned(cleaner, corpus, tmp_path, strict=True)
    assert stopped.value.trouble.path.endswith("bad.txt")
    assert {name for name in tree(tmp_path) if not name.startswith("made/.cleaner-run/")} == set()


def test_a_run_without_writing_writes_nothing(
    cleaner: Cleaner, corpus: Path, unbroken: tuple[dict[str, bytes], Report], tmp_path: Path
) -> None:
    report = clean_corpus(cleaner, planned(corpus, tmp_path), options(tmp_path, audit=None, failures=None), write=False)
    assert report.as_dict(top=3) == unbroken[1].as_dict(top=3)
    assert list(tmp_path.iterdir()) == []


def test_troubles_are_counted_and_the_first_are_kept() -> None:
    troubles = Troubles()
    for number in range(100_000):
        troubles.append(Trouble("a", number, "b"))
    assert len(troubles) == 100_000
    assert len(list(troubles)) == 100


def test_what_is_removed_most_often_is_found_in_bounded_memory() -> None:
    often, other = Often(), Often()
    for number in range(30_000):
        often.add(f"only once {number}")
        other.add(f"once elsewhere {number}")
        if number % 10 == 0:
            often.add("again and again")
            other.add("again and again")
    often.merge(other)
    ((text, times),) = often.most(1)
    assert text == "again and again"
    assert times <= 6_000 <= times + often.missed
    assert len(often.counts) <= 4_000


def test_a_stream_keeps_what_was_written_to_it_before(cleaner: Cleaner, tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(CLEAN.encode()))
    with (tmp_path / "out").open("w+b") as sink:
        sink.write(b"before")
        for _ in clean_tasks(cleaner, plan([str(path)]).tasks, Report(), reading=Reading(), write_to=sink):
            pass
    made = (tmp_path / "out").read_bytes()
    assert made.startswith(b"before")
    assert gzip.decompress(made.removeprefix(b"before")) == CLEAN.encode()


# The same on the command line.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(DIRTY)
    (tmp_path / "in" / "bad.txt").write_bytes(b"\xe9")
    (tmp_path / "in" / "z.txt").write_text(DIRTY)
    return tmp_path


def test_failures_are_written_and_named(folder: Path) -> None:
    done = run("clean", folder / "in", "-o", folder / "out", "--failures", folder / "failed.jsonl")
    assert done.exit_code == 3
    (row,) = map(json.loads, (folder / "failed.jsonl").read_text().splitlines())
    assert row["path"] == str(folder / "in" / "bad.txt")
    assert row["record"] == 0
    assert row["reason"].startswith("not UTF-8: bad byte 0xe9")
    assert (folder / "out" / "bad.txt").read_bytes() == b"\xe9"


@pytest.mark.parametrize("out", [["-o", "out"], []])
def test_strict_stops(folder: Path, monkeypatch: pytest.MonkeyPatch, out: list[str]) -> None:
    monkeypatch.chdir(folder)
    done = run("clean", "in" if out else "in/bad.txt", *out, "--strict")
    assert done.exit_code == 3
    assert done.stderr.splitlines()[0].startswith("cleaner: in/bad.txt: not UTF-8")
    assert "stopped at the first failure, as --strict asks" in done.stderr
    assert not list(folder.rglob("*.txt*tmp"))


def test_dry_run_reports_and_writes_nothing(folder: Path) -> None:
    done = run("clean", folder / "in", "-o", folder / "out", "--dry-run", "--top", "2")
    assert done.exit_code == 3
    assert "3 documents, 2 would change" in done.stdout.replace("2 documents", "3 documents")
    assert "Advertisement" in done.stdout
    assert not (folder / "out").exists()
    assert run("clean", folder / "in", "--in-place", "--dry-run").exit_code == 3
    assert (folder / "in" / "a.txt").read_text() == DIRTY


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["in", "-o", "out", "--dry-run", "--audit", "x"], "--dry-run writes nothing: leave out --audit"),
        (["in", "--dry-run", "--resume"], "--resume: nothing is noted of a run that writes no files"),
        (["in/a.txt", "--resume"], "--resume: nothing is noted of a run that writes no files"),
        (["in", "-o", "out", "--audit", "x", "--failures", "x"], "--failures x: is the audit of this run"),
        (["in", "--in-place", "--failures", "in/a.txt"], "--failures in/a.txt: is an input or output of this run"),
    ],
)
def test_what_excludes_each_other_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], message: str
) -> None:
    monkeypatch.chdir(folder)
    done = run("clean", *args)
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert message in done.stderr


def test_ctrl_c_says_how_to_go_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object, **kwargs: object) -> object:
        raise KeyboardInterrupt

    (folder / "in" / "more.jsonl").write_text((json.dumps({"text": DIRTY}) + "\n") * 20_000)
    with monkeypatch.context() as patch:
        patch.setattr("cleaner.formats.json_lines.JsonLine.without", interrupted)
        done = run("clean", folder / "in", "-o", folder / "out", "--jobs", "1")
    assert done.exit_code == 130
    assert done.stderr.endswith("the others are as they were; to go on, give the same command with --resume\n")
    assert (folder / "out" / "a.txt").read_text() == CLEAN
    (folder / "in" / "more.jsonl").write_text(lines())
    assert run("clean", folder / "in", "-o", folder / "out", "--resume").exit_code == 3
    assert (folder / "out" / "more.jsonl").read_text() == ""
    assert not (folder / "out" / ".cleaner-run").exists()
