"""Whole articles: our own samples, and real ones where they are at hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cleaner import Cleaner
from tests.conftest import ROOT, SAMPLES

SEEDS = ROOT.parent / "shared" / "seeds"


def cases(folder: Path) -> list[Path]:
    """The articles of a folder that stand beside their expected text."""
    return [path for path in sorted(folder.glob("*.*")) if expected_of(path).exists() and path != expected_of(path)]


def expected_of(path: Path) -> Path:
    return path.with_name(path.name.split(".")[0] + ".expected.txt")


def read(path: Path) -> str:
    return path.read_bytes().decode()


def test_there_are_samples() -> None:
    assert len(cases(SAMPLES)) >= 10
    assert sum(read(path) == read(expected_of(path)) for path in cases(SAMPLES)) >= 2, "clean ones among them"


@pytest.mark.parametrize("path", cases(SAMPLES), ids=lambda path: path.stem)
def test_sample(standard: Cleaner, path: Path) -> None:
    result = standard.clean(read(path))
    assert result.text == read(expected_of(path))
    assert not result.flags
    assert standard.clean(result.text).text is result.text


needs_seeds = pytest.mark.skipif(
    not SEEDS.is_dir(), reason=f"the seed articles are not at {SEEDS.name}/ beside the project"
)


@needs_seeds
@pytest.mark.parametrize("path", cases(SEEDS) if SEEDS.is_dir() else [], ids=lambda path: path.stem[:3])
def test_seed(standard: Cleaner, path: Path, tmp_path: Path) -> None:
    expected = read(expected_of(path))
    assert standard.clean(read(path)).text == expected
    command = [sys.executable, "-m", "cleaner"]
    piped = subprocess.run([*command, "clean", "-"], input=path.read_bytes(), capture_output=True, check=True)
    assert piped.stdout.decode() == expected
    out = tmp_path / "cleaned.txt"
    subprocess.run([*command, "clean", str(path), "-o", str(out)], capture_output=True, check=True)
    assert read(out) == expected
    assert subprocess.run([*command, "check", str(out)], capture_output=True, check=False).returncode == 0
