"""Every example in ``docs/`` runs as it stands there: commands with what they print, Python, and files.

The blocks of a page run one after the other in a new folder that holds the samples. A block ``console`` is
commands behind ``$`` with their output, in which ``...`` stands for whatever is left out; a block whose fence
names a file behind its language, as ``toml mine.toml`` does, is written to it. The page on pipelines has tests
of its own, beside the frameworks that it needs (``tests/integrations``).
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.glob("*.md") if page.name != "pipelines.md")
ALL_PAGES = sorted(DOCS.rglob("*.md"))
_BLOCK = re.compile(r"^```(?P<language>\w+)(?: (?P<file>[\w./-]+))?\n(?P<code>.*?)^```$", re.M | re.S)
_LINK = re.compile(r"\]\((?P<target>[^)#:\s]+)(?:#[^)\s]*)?\)")
_CODE = re.compile(r"^```.*?^```$|(`+)(?!`).*?(?<!`)\1(?!`)", re.M | re.S)
_SHOWN = ("text", "yaml")


@dataclass(frozen=True)
class Block:
    line: int
    language: str
    file: str | None
    code: str


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        yield Block(text.count("\n", 0, found.start()) + 1, found["language"], found["file"], found["code"])


def commands(code: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, and what it prints."""
    for part in re.split(r"^\$ ", code, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def run(command: str, folder: Path) -> str:
    """What a command prints, on both streams."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command],
        check=False,
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "200", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def try_block(block: Block, folder: Path, names: dict[str, object]) -> None:
    if block.file is not None:
        (folder / block.file).write_text(block.code, encoding="utf-8")
    elif block.language == "console":
        for command, output in commands(block.code):
            printed = run(command, folder)
            same = doctest.OutputChecker().check_output(output, printed, doctest.ELLIPSIS)
            assert same, f"line {block.line}: $ {command}\nshould print\n{output}\nand prints\n{printed}"
    elif block.language == "python":
        exec(compile(block.code, f"line {block.line}", "exec"), names)  # noqa: S102 - the page itself
    else:
        assert block.language in _SHOWN, f"line {block.line}: a block of {block.language} names no file"


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(DOCS)) for page in PAGES])
def test_examples_run_as_they_stand(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "docs"}
    for block in blocks(page):
        try_block(block, tmp_path, names)


def test_the_runner_sees_wrong_examples(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="should print"):
        try_block(Block(1, "console", None, "$ echo one\ntwo\n"), tmp_path, {})
    with pytest.raises(AssertionError):
        try_block(Block(1, "python", None, "assert 1 == 2\n"), tmp_path, {})
    with pytest.raises(AssertionError, match="names no file"):
        try_block(Block(1, "toml", None, "a = 1\n"), tmp_path, {})


@pytest.mark.parametrize("page", ALL_PAGES, ids=[str(page.relative_to(DOCS)) for page in ALL_PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    targets = [found["target"] for found in _LINK.finditer(text)]
    assert [target for target in targets if not (page.parent / target).exists()] == []
