"""Runs that are killed, disks that are full, inputs that change: nothing is lost, and what failed is named.

Every test asserts that each input record is in the output exactly once, cleaned or as it came, or that its
file is in the failures. Those that take minutes are marked long: ``python -m pytest -m long tests/test_faults.py``.
"""

from __future__ import annotations

import errno
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.batch import InputError, Report, clean_corpus
from cleaner.markup import Article
from tests.conftest import ROOT
from tests.corpora import cleaned, make, options, planned, text, tree
from tests.making import PRINT_PEAK, lines
from tests.test_batches import Killed, stopping
from tests.test_command import CLEAN, DIRTY, run

posix = pytest.mark.skipif(os.name != "posix", reason="links and names as POSIX has them")
has_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are found in /proc")


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner("safe")


def reasons(out: Path) -> dict[str, str]:
    """What failed, and why: by the name of the input; with the number of the record, if it is one."""
    rows = [json.loads(line) for line in (out / "failures.jsonl").read_text().splitlines()]
    return {f"{Path(row['path']).name}:{row['record']}".removesuffix(":0"): row["reason"] for row in rows}


# Kills.

RUN = """
import sys
from pathlib import Path
from cleaner import Cleaner
from cleaner.batch import clean_corpus
from tests.corpora import options, planned
corpus, out = Path(sys.argv[1]), Path(sys.argv[2])
print("begin", flush=True)
clean_corpus(
    Cleaner("safe"), planned(corpus, out), options(out, jobs=2), resume=True,
    on_done=lambda report, size: print("done", flush=True),
)
"""


def started(corpus: Path, out: Path) -> subprocess.Popen[str]:
    """A run in a process of its own, with two workers; it prints a line for each shard."""
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(corpus), str(out)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def children(pid: int) -> list[int]:
    """The workers among the children of a process."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


def kill_after(process: subprocess.Popen[str], shards: int, of: str, delay: float) -> list[int]:
    """Kill a run, or a worker of it, when some shards are done; returns the workers that there were."""
    assert process.stdout is not None
    for _ in range(shards + 1):
        process.stdout.readline()
    time.sleep(delay)
    workers: list[int] = []
    with suppress(OSError):  # it may be done already
        workers = children(process.pid)
        os.kill(process.pid if of == "parent" else random.choice(workers or [process.pid]), signal.SIGKILL)
    return workers


def is_gone(pid: int) -> bool:
    try:
        return b"spawn_main" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True


def check_kills(cleaner: Cleaner, tmp_path: Path, of: str, seeds: range) -> None:
    corpus = make(tmp_path / "in", records=200)
    whole = cleaned(cleaner, corpus, tmp_path / "whole")
    wanted = tree(tmp_path / "whole")
    struck = 0
    for seed in seeds:
        rng = random.Random(seed)
        out = tmp_path / f"out-{of}-{seed}"
        killed = started(corpus, out)
        workers = kill_after(killed, rng.randrange(30), of, rng.random() / 10)
        killed.communicate()
        struck += bool(workers)
        while of == "parent" and not all(map(is_gone, workers)):
            time.sleep(0.01)
        if killed.returncode != 0:
            assert of == "parent" or not workers, "a worker that is killed does not end the run"
            with started(corpus, out) as resumed:
                resumed.communicate()
            assert resumed.returncode == 0
        assert tree(out) == wanted, f"seed {seed}"
    assert struck, "no run was under way when it was to be killed"
    ids = [json.loads(line)["id"] for line in wanted["made/rows.jsonl"].splitlines() if b'"id"' in line]
    assert len(ids) == 198
    assert sorted(set(ids)) == ids
    assert whole.documents > 0


@has_proc
@pytest.mark.parametrize("of", ["parent", "worker"])
def test_kill_9_and_resume(cleaner: Cleaner, tmp_path: Path, of: str) -> None:
    check_kills(cleaner, tmp_path, of, range(2))


@has_proc
@pytest.mark.long
@pytest.mark.parametrize("of", ["parent", "worker"])
def test_kill_9_at_twenty_points_and_resume(cleaner: Cleaner, tmp_path: Path, of: str) -> None:
    check_kills(cleaner, tmp_path, of, range(100, 120))


@posix
@pytest.mark.parametrize("command", ["clean", "restore"])
def test_a_run_that_is_ended_from_outside_says_so_and_leaves_nothing_half_written(tmp_path: Path, command: str) -> None:
    """As schedulers of jobs end them."""
    corpus, out = tmp_path / "in", tmp_path / "out"
    corpus.mkdir()
    (corpus / "a.jsonl").write_text("".join(json.dumps({"text": text(number)}) + "\n" for number in range(40_000)))
    (tmp_path / "audit").touch()
    args = ["clean", str(corpus), "-o", str(out), "--jobs", "2"]
    if command == "restore":
        args = ["restore", str(corpus), "--audit", str(tmp_path / "audit"), "-o", str(out)]
    with subprocess.Popen(
        [sys.executable, "-m", "cleaner", *args], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as ended:
        begun = "state.json" if command == "clean" else "*.tmp"
        while not any(path.stat().st_size for path in out.rglob(begun)):
            time.sleep(0.01)
            assert ended.poll() is None
        ended.terminate()
        _, told = ended.communicate()
    assert ended.returncode == 130
    assert told.startswith("cleaner: stopped; files that were done are whole, the others are as they were")
    assert told.endswith("give the same command with --resume\n" if command == "clean" else "as they were\n")
    assert {path.parent.name for path in out.rglob("*") if path.is_file()} <= {".cleaner-run"}


DEADLY = """
import os, signal, sys
from pathlib import Path
from cleaner import Cleaner
from cleaner.batch import clean_corpus
from tests.corpora import options, planned

class Deadly(Cleaner):
    def clean_article(self, article, **told):
        if "deadly" in article.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().clean_article(article, **told)

if __name__ == "__main__":
    corpus, out = Path(sys.argv[1]), Path(sys.argv[2])
    clean_corpus(Deadly("safe"), planned(corpus, out), options(out, jobs=2, shard_bytes=300))
"""


@posix
def test_an_input_that_kills_every_worker_fails_and_no_other(cleaner: Cleaner, tmp_path: Path) -> None:
    corpus = tmp_path / "in"
    corpus.mkdir()
    for number in range(6):
        (corpus / f"{number}.txt").write_text("deadly" if number == 3 else text(number))
    script = tmp_path / "deadly.py"
    script.write_text(DEADLY)
    subprocess.run(
        [sys.executable, script, corpus, tmp_path / "out"], check=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert list(reasons(tmp_path / "out")) == ["3.txt"]
    assert "was killed" in reasons(tmp_path / "out")["3.txt"]
    made = tree(tmp_path / "out" / "made")
    assert made == {f"{n}.txt": cleaner.clean(text(n)).text.encode() for n in (0, 1, 2, 4, 5)}


# Disks.


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0 or not mounted(folder, "size=256k"):
        pytest.skip("a small disk can be mounted by root on Linux only")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def mounted(folder: Path, how: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", how, "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def remounted(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def test_a_full_disk_stops_the_run_and_it_goes_on_when_there_is_room(
    cleaner: Cleaner, tmp_path: Path, disk: Path
) -> None:
    corpus = make(tmp_path / "in", records=400)
    cleaned(cleaner, corpus, tmp_path / "whole")
    with pytest.raises(OSError, match="No space left"):
        cleaned(cleaner, corpus, disk)
    assert all(tree(disk)[name] == raw for name, raw in tree(tmp_path / "whole").items() if name in tree(disk))
    remounted(disk, "size=16m")
    clean_corpus(cleaner, planned(corpus, disk), options(disk), resume=True)
    assert tree(disk) == tree(tmp_path / "whole")


@pytest.mark.parametrize("full", ["output", "audit"])
def test_of_a_full_disk_the_folder_is_named(tmp_path: Path, disk: Path, full: str) -> None:
    corpus = make(tmp_path / "in", records=1_000)
    out, audit = (disk / "out", tmp_path / "audit") if full == "output" else (tmp_path / "out", disk / "audit")
    remounted(disk, "size=16k")
    args = ("clean", corpus / "rows.jsonl", "-o", f"{out}/", "--audit", audit, "--rules", "safe")
    done = run(*args)
    assert done.exit_code == 3
    # Where there is no room for the first shard, nothing is begun.
    where, going_on = (out, "") if full == "output" else (disk, "; to go on, make room, and give the same command")
    assert f"cleaner: {where}: No space left on device{going_on}" in done.stderr
    assert (" --resume" in done.stderr) == bool(going_on)
    remounted(disk, "size=16m")
    assert run(*args, "--resume").exit_code == 3, "two records fail"
    assert len((out / "rows.jsonl").read_bytes().splitlines()) == 1_000
    assert len(audit.read_bytes().splitlines()) == 499


def test_an_output_folder_that_cannot_be_written_half_way(cleaner: Cleaner, tmp_path: Path, disk: Path) -> None:
    remounted(disk, "size=16m")
    corpus = make(tmp_path / "in", records=100)
    cleaned(cleaner, corpus, tmp_path / "whole")
    steps = stopping(4)

    def close_the_disk(report: Report, size: int) -> None:
        try:
            steps()
        except Killed:
            # Over itself: what the run holds open there would keep the disk itself from being closed.
            subprocess.run(["mount", "--bind", str(disk), str(disk)], check=True)
            remounted(disk, "bind,ro")

    with pytest.raises(OSError, match="Read-only"):
        clean_corpus(cleaner, planned(corpus, disk), options(disk), on_done=close_the_disk)
    subprocess.run(["umount", str(disk)], check=True)
    clean_corpus(cleaner, planned(corpus, disk), options(disk), resume=True)
    assert tree(disk) == tree(tmp_path / "whole")


@posix
def test_one_folder_of_the_output_that_cannot_be_written(cleaner: Cleaner, tmp_path: Path) -> None:
    """The inputs that would go there fail; all others are written."""
    for folder in ("a", "b", "c"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        (tmp_path / "in" / folder / f"{folder}.txt").write_text(text(1))
    (tmp_path / "out" / "made").mkdir(parents=True)
    (tmp_path / "out" / "made" / "b").write_text("a file is in the way")
    report = cleaned(cleaner, tmp_path / "in", tmp_path / "out")
    assert len(report.failed) == 1
    assert "cannot be written" in reasons(tmp_path / "out")["b.txt"]
    assert {name for name in tree(tmp_path / "out") if name.endswith(".txt")} == {"made/a/a.txt", "made/c/c.txt"}


# Inputs.


def test_packed_files_that_are_cut_short_fail_and_leave_nothing(cleaner: Cleaner, tmp_path: Path) -> None:
    corpus = make(tmp_path / "in", records=400)
    from tests.test_formats_packed import zstd

    (corpus / "rows.jsonl.zst").write_bytes(zstd.compress((corpus / "rows.jsonl").read_bytes()))
    record = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 4000\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<p>cut"
    (corpus / "pages.warc").write_bytes(record)
    for name in ("rows.jsonl.gz", "rows.jsonl.zst", "cells.parquet"):
        raw = (corpus / name).read_bytes()
        (corpus / name).write_bytes(raw[: len(raw) * 2 // 3])
    cleaned(cleaner, corpus, tmp_path / "out")
    cut = {"rows.jsonl.gz", "rows.jsonl.zst", "cells.parquet", "pages.warc"}
    assert cut <= reasons(tmp_path / "out").keys()
    assert not any(reason.startswith(tuple(f"{name}:" for name in cut)) for reason in reasons(tmp_path / "out"))
    made = tree(tmp_path / "out" / "made")
    assert made.keys() == {path.name for path in corpus.iterdir()} - cut
    rows = [json.loads(line) for line in (tmp_path / "out" / "audit.jsonl").read_text().splitlines()]
    assert rows
    assert not any(row["output"] in cut for row in rows), "what was not written is not in the audit"


@posix
def test_names_with_newlines_and_bytes_that_are_not_utf_8(cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    names = [b"new\nline.txt", b"caf\xe9.txt", b"caf\xe9.jsonl", b"-.txt"]
    for name in names:
        (tmp_path / "in" / os.fsdecode(name)).write_text(json.dumps({"text": DIRTY}) if b"json" in name else DIRTY)
    (tmp_path / "in" / os.fsdecode(b"bad\xff.txt")).write_bytes(b"\xe9")
    before = tree(tmp_path / "in")
    with pytest.raises(Killed):
        clean_corpus(
            cleaner,
            planned(tmp_path / "in", tmp_path / "out"),
            options(tmp_path / "out", shard_bytes=1),
            on_done=stopping(1),
        )
    report = clean_corpus(
        cleaner, planned(tmp_path / "in", tmp_path / "out"), options(tmp_path / "out", shard_bytes=1), resume=True
    )
    assert (report.documents, len(report.failed)) == (4, 1)
    made = tree(tmp_path / "out" / "made")
    assert made.keys() == before.keys()
    assert made[os.fsdecode(names[0])] == made[os.fsdecode(names[1])] == CLEAN.encode()
    back = tmp_path / "back"
    done = run("restore", tmp_path / "out" / "made", "--audit", tmp_path / "out" / "audit.jsonl", "-o", back)
    assert done.exit_code == 0
    assert tree(back) == before


@posix
def test_symbolic_links_in_a_loop(cleaner: Cleaner, tmp_path: Path) -> None:
    corpus = tmp_path / "in"
    (corpus / "sub").mkdir(parents=True)
    (corpus / "sub" / "up").symlink_to(corpus)
    (corpus / "self.txt").symlink_to(corpus / "self.txt")
    (corpus / "a.txt").write_text(DIRTY)
    (corpus / "z.txt").symlink_to(corpus / "a.txt")
    cleaned(cleaner, corpus, tmp_path / "out")
    assert tree(tmp_path / "out" / "made") == {"a.txt": CLEAN.encode(), "z.txt": CLEAN.encode()}
    assert list(reasons(tmp_path / "out")) == ["self.txt"]


@posix
def test_outputs_that_links_lead_out_of_their_folder_are_not_written(cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    for name in ("sub/a.txt", "b.txt", "c.txt"):
        (tmp_path / "in" / name).write_text(DIRTY)
    away = tmp_path / "away"
    away.mkdir()
    (away / "b.txt").write_text("not ours")
    made = tmp_path / "out" / "made"
    made.mkdir(parents=True)
    (made / "sub").symlink_to(away)
    (made / "b.txt").symlink_to(away / "b.txt")
    cleaned(cleaner, tmp_path / "in", tmp_path / "out")
    assert tree(away) == {"b.txt": b"not ours"}
    assert (made / "c.txt").read_text() == CLEAN
    assert reasons(tmp_path / "out").keys() == {"a.txt", "b.txt"}
    assert all("leads out of the output folder" in reason for reason in reasons(tmp_path / "out").values())


def test_an_input_named_by_a_way_up_stays_in_the_output_folder(
    cleaner: Cleaner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "work").mkdir()
    (tmp_path / "in" / "a.txt").write_text(DIRTY)
    monkeypatch.chdir(tmp_path / "work")
    assert run("clean", "../in/a.txt", "../in", "-o", "out/").exit_code == 0
    assert tree(tmp_path / "work") == {"out/a.txt": CLEAN.encode()}


@pytest.mark.parametrize("in_place", [False, True])
def test_a_file_that_changes_while_it_is_read_fails(
    cleaner: Cleaner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_place: bool
) -> None:
    corpus = tmp_path / "in"
    corpus.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (corpus / name).write_text(DIRTY)
    (corpus / "b.txt").write_text("changes\n" + DIRTY)
    real = Cleaner.clean_article

    def change(self: Cleaner, article: Article, **told: str | None) -> object:
        if article.text.startswith("changes"):
            with (corpus / "b.txt").open("a") as sink:
                sink.write("a line more\n")
        return real(self, article, **told)

    monkeypatch.setattr(Cleaner, "clean_article", change)
    where = ["--in-place"] if in_place else ["-o", tmp_path / "out"]
    done = run("clean", corpus, *where, "--audit", tmp_path / "audit.jsonl")
    assert done.exit_code == 3
    assert "b.txt: was changed while it was read" in done.stderr
    assert (corpus / "b.txt").read_text() == "changes\n" + DIRTY + "a line more\n"
    made = corpus if in_place else tmp_path / "out"
    assert (made / "a.txt").read_text() == (made / "c.txt").read_text() == CLEAN
    assert in_place or not (made / "b.txt").exists()
    assert "b.txt" not in (tmp_path / "audit.jsonl").read_text()


def test_a_large_file_that_changes_between_its_parts_fails_as_a_whole(cleaner: Cleaner, tmp_path: Path) -> None:
    corpus = make(tmp_path / "in", records=100)
    parts = stopping(13)

    def change(report: Report, size: int) -> None:
        with suppress(Killed):
            parts()
            return
        with (corpus / "table.csv").open("a") as sink:
            sink.write("x,y\r\n")

    clean_corpus(cleaner, planned(corpus, tmp_path / "out"), options(tmp_path / "out"), on_done=change)
    assert "was changed while it was read" in reasons(tmp_path / "out")["table.csv"]
    assert not (tmp_path / "out" / "made" / "table.csv").exists()
    rows = [json.loads(line) for line in (tmp_path / "out" / "audit.jsonl").read_text().splitlines()]
    assert {row["output"] for row in rows} == {"rows.jsonl", "rows.jsonl.gz", "cells.parquet", "1.txt", "3.txt"}


def test_a_large_file_that_changes_before_the_run_goes_on_begins_anew(cleaner: Cleaner, tmp_path: Path) -> None:
    corpus = make(tmp_path / "in")
    (corpus / "rows.jsonl.gz").unlink()
    aim, asked = planned(corpus, tmp_path / "out"), options(tmp_path / "out")
    with pytest.raises(Killed):
        # Shards: the small files, Parquet in parts, then the first parts of the table.
        clean_corpus(cleaner, aim, asked, on_done=stopping(10))
    state = json.loads((tmp_path / "out" / "made" / ".cleaner-run" / "state.json").read_text())["state"]
    assert state["part"] is not None
    changed = corpus / aim.tasks[state["task"]].name
    changed.write_bytes(changed.read_bytes().replace(b"Ferry number", b"Boat no."))
    clean_corpus(cleaner, aim, asked, resume=True)
    cleaned(cleaner, corpus, tmp_path / "whole")
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def test_an_input_that_changes_when_it_is_done_is_named_where_the_run_goes_on(cleaner: Cleaner, tmp_path: Path) -> None:
    corpus = make(tmp_path / "in")
    aim, asked = planned(corpus, tmp_path / "out"), options(tmp_path / "out")
    with pytest.raises(Killed):
        # The small files are done in the first shard, the parts of one file each in their own.
        clean_corpus(cleaner, aim, asked, on_done=stopping(13))
    state = json.loads((tmp_path / "out" / "made" / ".cleaner-run" / "state.json").read_text())["state"]
    done = [Path(str(task.read)).name for task in aim.tasks[: state["task"]]]
    assert {"1.txt", "cells.parquet"} <= set(done)
    for name in ("1.txt", "cells.parquet"):
        (corpus / name).write_bytes((corpus / name).read_bytes() + b" ")
    (corpus / "3.txt").unlink()
    clean_corpus(cleaner, aim, asked, resume=True)
    named = {name for name, reason in reasons(tmp_path / "out").items() if "changed since this run" in reason}
    assert named == {"1.txt", "cells.parquet"}
    assert (tmp_path / "out" / "made" / "1.txt").read_text() == cleaner.clean(text(1)).text


# Somebody else.


def test_two_runs_on_one_output_do_not_meet(cleaner: Cleaner, tmp_path: Path) -> None:
    corpus = make(tmp_path / "in")
    whole = tree_of_a_run(cleaner, corpus, tmp_path / "whole")
    refused = []

    def run_once_more(report: Report, size: int) -> None:
        for resume in (False, True):
            with pytest.raises(InputError, match="another run is at work on the same output: wait") as error:
                clean_corpus(cleaner, planned(corpus, tmp_path / "out"), options(tmp_path / "out"), resume=resume)
            refused.append(error)

    clean_corpus(cleaner, planned(corpus, tmp_path / "out"), options(tmp_path / "out"), on_done=run_once_more)
    assert len(refused) > 10
    assert tree(tmp_path / "out") == whole


def tree_of_a_run(cleaner: Cleaner, corpus: Path, out: Path) -> dict[str, bytes]:
    cleaned(cleaner, corpus, out)
    return tree(out)


@posix
@pytest.mark.parametrize("code", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_where_nothing_can_be_locked_a_run_goes_on_without(
    cleaner: Cleaner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    import fcntl

    def refuse(*args: object) -> None:
        raise OSError(code, os.strerror(code))

    corpus = make(tmp_path / "in")
    whole = tree_of_a_run(cleaner, corpus, tmp_path / "whole")
    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(Killed):
        clean_corpus(cleaner, planned(corpus, tmp_path / "out"), options(tmp_path / "out"), on_done=stopping(3))
    clean_corpus(cleaner, planned(corpus, tmp_path / "out"), options(tmp_path / "out"), resume=True)
    assert tree(tmp_path / "out") == whole


@pytest.mark.parametrize("name", ["audit.jsonl", "audit.parquet"])
def test_an_audit_of_texts_cleaned_in_place_is_not_written_over(tmp_path: Path, name: str) -> None:
    """It alone holds what was removed; a second run, which finds nothing, would leave an empty one."""
    path, audit = tmp_path / "a.txt", tmp_path / name
    path.write_text(DIRTY)
    assert run("clean", path, "--in-place", "--audit", audit).exit_code == 0
    for going_on in ([], ["--resume"]):
        done = run("clean", path, "--in-place", "--audit", audit, *going_on)
        assert done.exit_code == 2
        assert f"--audit {audit}: is there already" in done.stderr
    assert run("restore", path, "--audit", audit, "--in-place").exit_code == 0
    assert path.read_text() == DIRTY


# Large.


def peak_of(*args: str | Path) -> int:
    """The most memory, in KiB, that a run of the command took; it may end with inputs that failed."""
    code = f"import sys\nfrom cleaner.cli.app import app\ntry:\n    app()\nfinally:\n    pass\n{PRINT_PEAK}"
    code = code.replace("finally:\n    pass", "except SystemExit as end:\n    assert end.code in (0, 3), end.code")
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(done.stderr.splitlines()[-1])


@pytest.mark.long
def test_memory_does_not_grow_with_records(tmp_path: Path) -> None:
    peaks = []
    for records in (2_000, 40_000):
        path = tmp_path / f"{records}.jsonl"
        with path.open("w") as sink:
            sink.writelines(json.dumps({"text": text(number)}) + "\n" for number in range(records))
        peaks.append(peak_of("clean", path, "-o", tmp_path / "out.jsonl", "--audit", tmp_path / "a", "--jobs", "1"))
    assert peaks[1] < peaks[0] + 20_000


@pytest.mark.long
def test_a_gzip_that_unpacks_to_ten_gigabytes(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as sink:
        sink.write(json.dumps({"text": DIRTY}).encode() + b'\n{"text": "')
        for _ in range(10_000):
            sink.write(b"a" * 1_000_000)
        sink.write(b'"}\n' + json.dumps({"text": DIRTY}).encode())
    out = tmp_path / "out.jsonl.gz"
    began = time.monotonic()
    assert peak_of("clean", path, "-o", out, "--failures", tmp_path / "failures.jsonl") < 600_000
    # Ten gigabytes are unpacked, counted and packed again, at a hundred megabytes a second on a slow core.
    assert time.monotonic() - began < 900
    assert list(reasons(tmp_path)) == ["in.jsonl.gz:2"]
    with gzip.open(out) as stream:
        assert json.loads(stream.readline()) == {"text": CLEAN}


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "before", "within", "behind", "failed"),
    [
        pytest.param("a.txt", "", ("", ""), "", "a.txt", id="a text"),
        pytest.param(
            "a.jsonl",
            json.dumps({"text": DIRTY}) + "\n",
            ('{"text": "', '"}\n'),
            json.dumps({"text": DIRTY}),
            "a.jsonl:2",
            id="a line of JSON",
        ),
        # Where a cell has no end, no row behind it can be told: they stay as they came.
        pytest.param("a.csv", f'text\n"{DIRTY}"\n', ('"', '"\n'), "", "a.csv:3", id="a cell"),
    ],
)
def test_a_line_of_a_gigabyte(
    tmp_path: Path, name: str, before: str, within: tuple[str, str], behind: str, failed: str
) -> None:
    """It stays as it came, in memory of fixed size, and all around it is cleaned."""
    (tmp_path / "in").mkdir()
    block = b"a" * (1 << 20)
    with (tmp_path / "in" / name).open("wb") as sink:
        sink.write((before + within[0]).encode())
        for _ in range(1_000):
            sink.write(block)
        sink.write((within[1] + behind).encode())
    began = time.monotonic()
    assert (
        peak_of("clean", tmp_path / "in", "-o", tmp_path / "out", "--failures", tmp_path / "failures.jsonl") < 600_000
    )
    assert time.monotonic() - began < 300
    assert [named.replace("a.txt:0", "a.txt") for named in reasons(tmp_path)] == [failed]
    with (tmp_path / "out" / name).open("rb") as stream:
        cleaned_before = before.replace(json.dumps(DIRTY), json.dumps(CLEAN)).replace(DIRTY, CLEAN)
        assert stream.read(len(cleaned_before)).decode() == cleaned_before
        assert stream.read(len(within[0])).decode() == within[0]
        assert all(stream.read(1 << 20) == block for _ in range(1_000))
        assert stream.read().decode() == within[1] + behind.replace(json.dumps(DIRTY), json.dumps(CLEAN))


@pytest.mark.long
def test_a_hundred_thousand_files_in_one_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(100_000):
        (tmp_path / "in" / f"{number}.txt").write_text(lines("Advertisement", f"Line {number} of the timetable."))
    assert run("clean", tmp_path / "in", "-o", tmp_path / "out", "--rules", "safe").exit_code == 0
    made = tree(tmp_path / "out")
    assert len(made) == 100_000
    assert all(raw == f"Line {Path(name).stem} of the timetable.\n".encode() for name, raw in made.items())
