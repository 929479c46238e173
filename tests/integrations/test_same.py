"""Every integration gives what ``Cleaner.clean`` gives, and says what to install where its framework is missing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cleaner import Cleaner, restore
from cleaner.removal import Removed
from tests.conftest import SAMPLES
from tests.integrations.frameworks import FRAMEWORKS, MAX_REMOVED, SITE, needed, of_result
from tests.making import PROSE, lines

INTEGRATIONS = Path(__file__).parents[2] / "cleaner" / "integrations"
STRANGE = [
    "",
    " \n\n",
    "Advertisement",
    "nul \x00, bell \x07, no-break\u00a0space, line\u2028separator, \U0001f9f9 (turn0search21)",
    "Windows\r\nline ends\r\n(turn0search21)\r\n",
    lines(*PROSE, "News from the islands since before the bridge"),
]


def texts() -> list[str]:
    """The samples, and what may trip a framework."""
    return [path.read_bytes().decode() for path in sorted(SAMPLES.glob("*.*"))] + STRANGE


@pytest.fixture(scope="module")
def cleaner(rules: Sequence[str]) -> Cleaner:
    return Cleaner(rules, max_removed=MAX_REMOVED)


def test_the_texts_show_all_that_is_to_be_handed_on(cleaner: Cleaner) -> None:
    results = [cleaner.clean(text, site=SITE) for text in texts()]
    assert any(result.flags for result in results)
    assert any(not result.changed for result in results)
    assert any(len(result.removals) > 1 for result in results)
    assert results[-1].changed
    assert not cleaner.clean(texts()[-1]).changed, "a rule of one site"


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_it_gives_what_the_cleaner_gives(
    name: str, cleaner: Cleaner, rules: Sequence[str], request: pytest.FixtureRequest
) -> None:
    framework = FRAMEWORKS[name]
    needed(framework.module)
    given: list[str | None] = [*texts(), *texts()]
    sites = [SITE if at % 2 else None for at in range(len(given))]
    if framework.takes_none:
        given[3] = given[7] = None
    expected = [
        of_result(None if text is None else cleaner.clean(text, site=site))
        for text, site in zip(given, sites, strict=True)
    ]
    fixture = request.getfixturevalue(framework.fixture) if framework.fixture else None
    found = framework.run(cleaner, given, sites, rules, fixture)
    assert found == expected
    for text, outcome in zip(given, found, strict=True):
        if outcome.text is not None and outcome.removals is not None:
            assert restore(outcome.text, [Removed(**row) for row in outcome.removals]) == text


@pytest.mark.parametrize("path", sorted(INTEGRATIONS.glob("*.py")), ids=lambda path: path.stem)
def test_it_is_thin(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize(
    ("module", "blocked", "extra"),
    [
        ("datasets", "datasets", "datasets"),
        ("datatrove", "datatrove", "datatrove"),
        ("polars", "polars", "polars"),
        ("spark", "pyspark", "spark"),
        ("spark_learn", "pyspark", "spark"),
        ("ray", "ray", "ray"),
        ("langchain", "langchain_core", "langchain"),
        ("llama_index", "llama_index", "llama-index"),
        ("scrapy", "scrapy", "scrapy"),
    ],
)
def test_a_missing_framework_is_named_with_its_extra(module: str, blocked: str, extra: str) -> None:
    """In a process of its own, which may not import the framework, installed or not."""
    program = f"import sys; sys.modules[{blocked!r}] = None; import cleaner.integrations.{module}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: ")
    assert f"pip install 'article-cleaner[{extra}]'" in last


def test_the_package_imports_no_integration() -> None:
    program = "import sys, cleaner, cleaner.cli.app; print([m for m in sys.modules if 'integrations' in m])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
