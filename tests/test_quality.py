"""The shipped rules are as good as they have been, on labelled pages; and the gate that says so can fail."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from cleaner.evaluate import Score, Words
from tests.making import PROSE, lines
from tests.quality import pin
from tests.quality.floors import (
    FIGURES,
    FILES,
    LINES,
    TASKS,
    Floors,
    broken,
    data,
    digest,
    measured,
    reached,
    read_floors,
    written,
)

HELD = read_floors()


@pytest.mark.parametrize(("task", "name"), HELD.bounds, ids=lambda part: part)
def test_the_rules_are_as_good_as_they_have_been(task: str, name: str) -> None:
    path = data(name)
    if not path.is_file():
        pytest.skip(f"no labelled pages beside the checkout ({path}): the floors are not tried")
    assert digest(path) == HELD.sha256[name], f"{path} is not the file that the floors were measured on: pin them anew"
    problems = broken(HELD.bounds[task, name], measured(TASKS[task], path))
    assert not problems, f"{task} {name}: {'; '.join(problems)}; if that is meant: python -m tests.quality.pin --lower"


def test_there_are_floors_for_every_task_and_file() -> None:
    assert {(name, file) for name, task in TASKS.items() for file in task.files} == set(HELD.bounds)
    assert all(tuple(bounds) == TASKS[task].figures for (task, _), bounds in HELD.bounds.items())


SCORE = Score(
    pages=3, intact=2, words=Words(chrome=3, body=700), removed=Words(chrome=2, body=1), f1_before_sum=1, f1_after_sum=2
)


def test_bounds_are_rounded_so_that_what_was_measured_keeps_them() -> None:
    assert reached(TASKS["extracted"], SCORE) == {
        "chrome_removed_at_least": 66.66,
        "body_lost_at_most": 0.143,
        "intact_at_least": 66.66,
    }
    assert reached(TASKS["html"], SCORE) == {"f1_at_least": 66.66}
    assert broken(reached(TASKS["extracted"], SCORE), SCORE) == []


@pytest.mark.parametrize("name", FIGURES)
def test_the_gate_tolerates_nothing(name: str) -> None:
    figure = FIGURES[name]
    step = float(figure.digits) * (-1 if figure.at_most else 1)
    bound = figure.bound(SCORE)
    assert broken({name: bound}, SCORE) == []
    assert broken({name: bound + step}, SCORE) == [f"{name} {bound + step}: is {figure.of(SCORE):.4f}"]


def test_floors_are_read_as_they_were_written(tmp_path: Path) -> None:
    floors = Floors(
        {"web": "00ff"}, {("extracted", "web"): dict.fromkeys(LINES, 1.25), ("html", "web"): {"f1_at_least": 2.0}}
    )
    (tmp_path / "floors.toml").write_text(written(floors))
    assert read_floors(tmp_path / "floors.toml") == floors


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """A folder of labelled pages of our own: one page a file, of whose two lines of chrome one goes."""
    page = {"extracted": lines(PROSE[0], "Advertisement", "Ask anyone"), "gold": PROSE[0]}
    for name in FILES:
        data(name, tmp_path).write_bytes(gzip.compress(json.dumps(page).encode()))
    return tmp_path


def test_pinning_raises_floors_and_refuses_to_lower_them(bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    floors = bench / "floors.toml"
    assert pin.main(["extracted"], bench=bench, floors=floors) == 0
    held = read_floors(floors)
    assert held.sha256 == {name: digest(data(name, bench)) for name in FILES}
    assert held.bounds["extracted", "web"] == {
        "chrome_removed_at_least": 33.33,
        "body_lost_at_most": 0.0,
        "intact_at_least": 100.0,
    }
    _pinned_at(floors, held, 10.0)
    assert pin.main(["extracted"], bench=bench, floors=floors) == 0
    assert read_floors(floors) == held
    _pinned_at(floors, held, 50.0)
    before = floors.read_text()
    assert pin.main(["extracted"], bench=bench, floors=floors) == 1
    assert floors.read_text() == before
    assert "extracted web: chrome_removed_at_least 50.0: is 33.3333" in capsys.readouterr().err
    assert pin.main(["--lower", "extracted"], bench=bench, floors=floors) == 0
    assert read_floors(floors) == held


def _pinned_at(floors: Path, held: Floors, chrome_removed: float) -> None:
    bounds = {place: {**bounds, "chrome_removed_at_least": chrome_removed} for place, bounds in held.bounds.items()}
    floors.write_text(written(Floors(held.sha256, bounds)))


def test_pinning_on_other_pages_is_refused(bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    floors = bench / "floors.toml"
    assert pin.main(["extracted"], bench=bench, floors=floors) == 0
    data("web", bench).write_bytes(gzip.compress(b"{}"))
    assert pin.main(["extracted"], bench=bench, floors=floors) == 1
    assert "are others than those of the floors" in capsys.readouterr().err


def test_pinning_without_pages_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pin.main([], bench=tmp_path, floors=tmp_path / "floors.toml") == 1
    assert "no labelled pages" in capsys.readouterr().err
