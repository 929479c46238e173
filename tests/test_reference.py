"""The rule reference: current, whole, and of no markup but its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from cleaner.authoring.reference import LANGUAGES, LONGEST_EXAMPLE, WHAT, code, escaped, pages, write
from cleaner.cli.app import app
from cleaner.rule import CATEGORIES, LEARNED_CATEGORY, Rule
from cleaner.ruleset import shipped_rules
from tests.conftest import ROOT
from tests.making import rule

FOLDER = ROOT / "docs" / "rules"


def test_the_reference_is_current() -> None:
    there = {path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.md")}
    made = pages(shipped_rules())
    stale = sorted(name for name in there.keys() | made.keys() if there.get(name) != made.get(name))
    assert stale == [], "make it anew: cleaner rules reference -o docs/rules"


def test_every_rule_is_described_once() -> None:
    made = pages(shipped_rules())
    headings = [line for text in made.values() for line in text.split("\n") if line.startswith("## ")]
    for shipped in shipped_rules():
        assert headings.count(f"## {shipped.id}") == 1
    assert {one.lang for one in shipped_rules()} <= set(LANGUAGES)
    assert set(WHAT) == set(CATEGORIES) - {LEARNED_CATEGORY}


def test_links_lead_to_pages() -> None:
    made = pages(shipped_rules())
    linked = {part.partition(")")[0] for part in made["README.md"].split("](")[1:]}
    assert linked == made.keys() - {"README.md"}


def test_old_pages_go_and_other_files_stay(tmp_path: Path) -> None:
    both: list[Rule[object]] = [rule("line", name="one", pattern="a", keywords=("aa",))]
    write(both, tmp_path)
    (tmp_path / "notes.md").write_text("Mine.")
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "legal.md").write_text(next(iter(pages(both).values())))
    assert write(both, tmp_path) == (2, 1)
    assert (tmp_path / "notes.md").exists()


def test_the_command_writes_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["rules", "reference", "-o", str(tmp_path), str(ROOT / "tests/fixtures/good_rules.toml")]
    )
    assert done.exit_code == 0
    assert "of 20 rules" in done.stdout
    (tmp_path / "file").write_text("")
    assert CliRunner().invoke(app, ["rules", "reference", "-o", str(tmp_path / "file")]).exit_code == 2


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_code_spans_hold_text_and_nothing_else(text: str) -> None:
    markdown = pytest.importorskip("markdown_it").MarkdownIt()
    (inline,) = [token for token in markdown.parse(f"- goes: {code(text)}") if token.type == "inline"]
    assert [child.type for child in inline.children] == ["text", "code_inline"]
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text.replace("\n", " "))
    assert inline.children[1].content.strip() in (shown.strip(), shown[: LONGEST_EXAMPLE - 1].strip() + "…", "")


@given(st.text(st.sampled_from("ab *_`[]<>#|~{}\\!()"), min_size=1))
def test_escaped_text_is_text(text: str) -> None:
    markdown = pytest.importorskip("markdown_it").MarkdownIt()
    (inline,) = [token for token in markdown.parse(f"x{escaped(text)} y") if token.type == "inline"]
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    assert inline.children[0].content is not None
