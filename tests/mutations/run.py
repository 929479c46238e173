"""Apply each mutation to a copy of the project, and expect the test that it names to fail.

A property that cannot fail proves nothing. Each patch beside this file breaks one promise; its
first line names the test that must notice. Run from anywhere: ``python tests/mutations/run.py
[NAME...]``. Exits 1 if a mutation survives or a patch no longer applies.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# A mutation that makes a run hang is noticed by the clock.
SECONDS = 120


def main(names: list[str]) -> int:
    """Try the named mutations, or all; returns the exit code."""
    patches = [patch for patch in sorted(HERE.glob("*.patch")) if not names or patch.stem in names]
    with tempfile.TemporaryDirectory() as folder:
        outcomes = {patch.stem: _told(patch, Path(folder) / patch.stem) for patch in patches}
    caught = sum(outcome == "caught" for outcome in outcomes.values())
    sys.stdout.write(f"{caught} of {len(outcomes)} mutations caught\n")
    return 0 if outcomes and caught == len(outcomes) else 1


def _told(patch: Path, copy: Path) -> str:
    outcome = _outcome(patch, copy)
    sys.stdout.write(f"{outcome:9} {patch.stem}\n")
    sys.stdout.flush()
    return outcome


def _outcome(patch: Path, copy: Path) -> str:
    test = patch.read_text().splitlines()[0].removeprefix("Must fail: ")
    for name in ("cleaner", "tests", "samples"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    if _passes(copy, test) is not True:
        return "no ground"
    if subprocess.run(["git", "apply", str(patch)], cwd=copy, capture_output=True, check=False).returncode:
        return "stale"
    return "survived" if _passes(copy, test) else "caught"


def _passes(copy: Path, test: str) -> bool:
    """Whether the test passes in the copy, whatever the examples that hypothesis kept from before."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", test]
    try:
        environment = {**os.environ, "HYPOTHESIS_PROFILE": "mutations"}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    if done.returncode not in (0, 1):
        raise SystemExit(f"{test} could not be run:\n{done.stdout.decode()}{done.stderr.decode()}")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
