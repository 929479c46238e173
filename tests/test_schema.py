"""The JSON schema of rule files: up to date, takes whatever loads, refuses what a schema can refuse."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from cleaner.cli.app import app
from cleaner.ruleset import schema, schema_text
from tests.conftest import ROOT

SHIPPED = sorted((ROOT / "cleaner" / "rules").glob("*/*.toml"))
BAD = ROOT / "tests" / "fixtures" / "bad_rules"

# What only the loader can refuse: it takes more than the shape of the file.
BEYOND_A_SCHEMA = {
    "disable-unknown": "knows the ids",
    "id-of-shipped-rule": "knows the ids",
    "id-twice": "compares rules",
    "include-itself": "reads other files",
    "include-missing-file": "reads other files",
    "include-unknown-set": "knows the sets",
    "inline-beside-unknown": "a check of the kind",
    "keep-without-keyword": "looks for keywords in strings",
    "keyword-in-no-remove": "looks for keywords in strings",
    "keyword-too-short": "folds characters",
    "longest-out-of-bounds": "a check of the kind",
    "not-toml": "is no data at all",
    "not-utf8": "is no data at all",
    "pattern-broken": "compiles patterns",
    "pattern-matches-nothing": "runs patterns",
    "remove-without-keyword": "looks for keywords in strings",
    "section-keyword-in-no-example": "looks for keywords in strings",
    "section-paragraph-inside": "a check of the kind",
}


@pytest.fixture(scope="module")
def validator() -> Any:
    made = jsonschema.Draft202012Validator(schema())
    made.check_schema(schema())
    return made


def test_the_shipped_schema_is_up_to_date() -> None:
    path = ROOT / "cleaner" / "rules" / "schema.json"
    assert path.read_text(encoding="utf-8") == schema_text(), f"run: cleaner rules schema -o {path.relative_to(ROOT)}"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_shipped_files_are_taken(validator: Any, path: Path) -> None:
    errors = [error.message for error in validator.iter_errors(tomllib.loads(path.read_text(encoding="utf-8")))]
    assert errors == []


@pytest.mark.parametrize("path", sorted(BAD.glob("*.toml")), ids=lambda path: path.stem)
def test_bad_files_are_refused_where_a_schema_can(validator: Any, path: Path) -> None:
    if path.stem in ("not-toml", "not-utf8"):
        pytest.skip("no data that a schema could look at")
    refused = not validator.is_valid(tomllib.loads(path.read_text(encoding="utf-8")))
    assert refused != (path.stem in BEYOND_A_SCHEMA)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"allow": {"common-keyword": "The button is this one word."}}, id="allow with a reason"),
        pytest.param({"where": "tail", "longest": 300}, id="keys of the kind"),
    ],
)
def test_optional_keys_are_taken(validator: Any, more: dict[str, Any]) -> None:
    rule = {"id": "a-rule", "kind": "line", "category": "prompts", "level": "safe", "why": "A button of the site."}
    rule |= {"pattern": "save it", "keywords": ["save it"], "remove": ["Save it"], "keep": ["Save it for me."]}
    assert validator.is_valid({"format": 1, "rule": [rule | more]})
    assert not validator.is_valid({"format": 1, "rule": [rule | more | {"allow": {"common-keyword": " "}}]})


def test_the_command_prints_and_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    runner = CliRunner()
    printed = runner.invoke(app, ["rules", "schema"])
    written = runner.invoke(app, ["rules", "schema", "-o", str(path)])
    assert (printed.exit_code, printed.output) == (0, schema_text())
    assert (written.exit_code, path.read_text(encoding="utf-8")) == (0, schema_text())
    assert runner.invoke(app, ["rules", "schema", "-o", str(tmp_path / "no" / "folder")]).exit_code == 2
