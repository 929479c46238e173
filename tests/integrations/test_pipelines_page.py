"""Every python block of ``docs/pipelines.md`` runs as it stands there, and prints what the text block behind it says.

A block is a script: it runs in a process of its own, in a folder where the first block of its page has run.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.integrations.frameworks import needed

_BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:```text\n(?P<printed>.*?)^```\n)?", re.MULTILINE | re.DOTALL)
BLOCKS = list(_BLOCK.finditer((ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")))
# Spark takes 200 partitions for granted; for a few rows that is most of the time.
SMALL_SPARK = "--conf spark.sql.shuffle.partitions=3 --driver-java-options -XX:TieredStopAtLevel=1 pyspark-shell"


def imported(code: str) -> set[str]:
    """The packages that a script imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def run(code: str, folder: Path) -> str:
    script = folder / "script.py"
    script.write_text(code, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HF_HOME": str(folder), "HF_HUB_OFFLINE": "1"}
    environment |= {"PYSPARK_PYTHON": sys.executable, "RAY_AUTH_MODE": "disabled", "PYSPARK_SUBMIT_ARGS": SMALL_SPARK}
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_are_blocks() -> None:
    assert sum(block["printed"] is not None for block in BLOCKS) >= 8


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_block(number: int, tmp_path: Path) -> None:
    block = BLOCKS[number]
    for package in sorted(imported(block["code"])):
        if find_spec(package) is None:
            needed(package)
    if number > 0:
        run(BLOCKS[0]["code"], tmp_path)
    printed = run(block["code"], tmp_path)
    if block["printed"] is not None:
        assert printed == block["printed"]
