"""What is imported when: a command must not wait for modules that it does not use."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_command import DIRTY

# Each takes longer than cleaning a page does, and none is needed to check a file of plain text.
HEAVY = {
    "concurrent.futures", "duckdb", "lxml", "multiprocessing", "pyarrow", "pydantic", "rapidfuzz", "rich",
    "tomllib", "trafilatura", "cleaner.align", "cleaner.authoring", "cleaner.batch.corpus", "cleaner.batch.pool",
    "cleaner.cli.clean", "cleaner.cli.rules", "cleaner.evaluate", "cleaner.formats.json_lines",
    "cleaner.formats.parquet", "cleaner.formats.table", "cleaner.formats.warc", "cleaner.html", "cleaner.learn",
    "cleaner.ruleset.json_schema", "cleaner.ruleset.read",
}  # fmt: skip


def imported_by(*args: str | Path, folder: Path) -> set[str]:
    """The modules that are there when a command is done; in a folder without a configuration."""
    code = "import sys\nfrom cleaner.cli.app import main\ntry:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, *args], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return set(done.stderr.splitlines()[-1].split())


def test_a_check_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "dirty.txt").write_text(DIRTY)
    imported_by("check", tmp_path / "dirty.txt", folder=tmp_path)  # the first on a machine packs the rules
    found = imported_by("check", tmp_path / "dirty.txt", folder=tmp_path)
    assert "cleaner.cli.check" in found
    assert not found & HEAVY


def test_what_is_heavy_is_there_when_it_is_used(tmp_path: Path) -> None:
    """The names above are names of modules: a test of what never is would hold for any."""
    (tmp_path / "dirty.txt").write_text(DIRTY)
    found = imported_by("clean", tmp_path, "-o", tmp_path / "out", "--top", "3", folder=tmp_path)
    assert {"rich", "cleaner.batch.corpus", "cleaner.batch.pool", "multiprocessing", "cleaner.cli.clean"} <= found
    assert all(importlib.util.find_spec(name) for name in HEAVY if name.startswith("cleaner."))


@pytest.mark.parametrize("package", ["cleaner.batch", "cleaner.formats", "cleaner.ruleset"])
def test_all_names_of_a_package_are_there(package: str) -> None:
    """They are said twice, for readers and type checkers and for the import: both say the same."""
    module = importlib.import_module(package)
    shown = {
        name.name: node.module
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text()))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(f"{package}.")
        for name in node.names
    }
    assert shown.keys() <= set(module.__all__)
    for name, home in shown.items():
        assert getattr(module, name) is getattr(importlib.import_module(str(home)), name)
    assert not any(isinstance(getattr(module, name), type(sys)) for name in module.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nobody'"):
        module.nobody  # noqa: B018
