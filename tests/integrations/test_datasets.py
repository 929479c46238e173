"""datasets: what a fingerprint follows from, results from the cache, and several processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner
from tests.integrations.frameworks import RULES, needed
from tests.making import PROSE, lines

needed("datasets")

from datasets import Dataset
from datasets.fingerprint import Hasher

from cleaner.integrations import datasets as integration
from cleaner.integrations.datasets import CleanBatch

FROM_ANOTHER_PROCESS = """
from datasets.fingerprint import Hasher
from cleaner import Cleaner
from cleaner.integrations.datasets import CleanBatch
print(Hasher.hash(CleanBatch(Cleaner("standard"), removals="removals")))
"""


def fingerprint(cleaner: Cleaner, **columns: Any) -> str:
    return str(Hasher.hash(CleanBatch(cleaner, **columns)))


def rule_file(folder: Path, text: str = RULES) -> Cleaner:
    folder.mkdir(exist_ok=True)
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return Cleaner(["standard", file])


def test_the_same_rules_have_the_same_fingerprint(tmp_path: Path) -> None:
    used = Cleaner("standard")
    first = fingerprint(used)
    used.clean(lines(*PROSE, "(turn0search21)"))
    assert fingerprint(used) == fingerprint(Cleaner(["standard"])) == first
    here, elsewhere = rule_file(tmp_path / "a"), rule_file(tmp_path / "b")
    assert fingerprint(here) == fingerprint(elsewhere), "where the file lies does not matter"
    reasoned = rule_file(tmp_path / "c", RULES.replace("Comes back on all pages", "A line on each page"))
    assert fingerprint(here) == fingerprint(reasoned), "nor its reasons"


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_finds_the_same_fingerprint(seed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", seed)
    done = subprocess.run([sys.executable, "-c", FROM_ANOTHER_PROCESS], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == fingerprint(Cleaner("standard"), removals="removals")


def test_whatever_decides_the_result_has_a_fingerprint_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standard = Cleaner("standard")
    prints = [
        fingerprint(standard),
        fingerprint(Cleaner("safe")),
        fingerprint(Cleaner("standard", disable=["legal"])),
        fingerprint(Cleaner("standard", max_removed=0.5)),
        fingerprint(rule_file(tmp_path)),
        fingerprint(rule_file(tmp_path, RULES.replace("before the bridge", "after the bridge"))),
        *(fingerprint(standard, **{name: "other"}) for name in ("text", "removals", "flags", "site", "lang")),
    ]
    monkeypatch.setattr(integration, "__version__", "0.0.0")
    prints.append(fingerprint(standard))
    assert len(set(prints)) == len(prints)


def test_without_the_hook_no_fingerprint_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    from datasets.utils._dill import Pickler

    monkeypatch.delitem(Pickler.dispatch, CleanBatch)
    assert fingerprint(Cleaner("standard")) != fingerprint(Cleaner("safe"))


def test_a_result_is_taken_from_the_cache_if_the_rules_are_the_same(tmp_path: Path) -> None:
    given = {"text": [lines(*PROSE, f"({number}) (turn0search{number})") for number in range(30)]}
    Dataset.from_dict(given).save_to_disk(tmp_path / "data")
    dataset = Dataset.load_from_disk(tmp_path / "data")

    def cached() -> set[str]:
        return {path.name for path in (tmp_path / "data").glob("cache-*")}

    made = [dataset.map(CleanBatch(Cleaner("standard")), batched=True) for _ in range(2)]
    assert len(cached()) == 1
    assert made[0]["text"][:] == made[1]["text"][:]
    dataset.map(CleanBatch(Cleaner("aggressive")), batched=True)
    assert len(cached()) == 2
    several = dataset.map(CleanBatch(Cleaner("standard")), batched=True, num_proc=2)
    assert several["text"][:] == made[0]["text"][:] == [Cleaner().clean(text).text for text in given["text"]]


def test_a_first_batch_without_removals_is_like_the_others() -> None:
    given = ["The ferry is back."] * 10 + ["The ferry is back. (turn0search21)"]
    dataset = Dataset.from_dict({"text": given})
    clean = CleanBatch(Cleaner(), removals="removals", flags="flags")
    cleaned = dataset.map(clean, batched=True, batch_size=5, features=clean.features(dataset.features))
    assert [len(rows) for rows in cleaned["removals"]] == [0] * 10 + [1]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="no column 'body' among 'text', 'id'"):
        Dataset.from_dict({"text": ["a"], "id": [1]}).map(CleanBatch(Cleaner(), text="body"), batched=True)


@pytest.mark.parametrize("text", ["(turn0search21)", "", None])
def test_a_single_row_is_refused(text: str | None) -> None:
    with pytest.raises(TypeError, match=r"map\(batched=True\)"):
        Dataset.from_dict({"text": [text]}).map(CleanBatch(Cleaner()))
