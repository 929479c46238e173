"""The shipped rules in the user's cache: the same rules, never stale ones, nothing that others could write."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from cleaner.ruleset import SHIPPED_SETS, load, packed, shipped_rules
from cleaner.ruleset.load import IN_WHEEL, for_wheel
from tests.conftest import ROOT

ONE = packed.Packed(shipped_rules()[:1], {"safe": "1f"})


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "article-cleaner"


def test_packed_rules_are_the_rules() -> None:
    rules = packed.Packed(shipped_rules(trusted=False), {})
    assert packed.unpack(packed.pack(rules)) == rules


def test_digests_of_sets_are_those_of_their_rules() -> None:
    """They come packed; put together in another way, the same rules have the same digest."""
    for name in SHIPPED_SETS:
        assert load(name).digest == load([name, name]).digest
    assert len({load(name).digest for name in SHIPPED_SETS}) == len(SHIPPED_SETS)


def test_a_packed_rule_is_a_rule_before_and_after_it_said_all() -> None:
    """Reasons and examples are read when they are asked for; whoever asks first, by name, pickle or comparison."""
    (whole,) = shipped_rules(trusted=False)[:1]
    for ask in (lambda rule: rule.why, pickle.dumps, repr, lambda rule: replace(rule, id="other"), hash):
        (rule,) = packed.unpack(packed.pack(ONE)).rules
        ask(rule)
        assert rule == whole
        assert pickle.loads(pickle.dumps(rule)) == whole  # noqa: S301 - made in this line
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = rule.nothing
    with pytest.raises(AttributeError):
        rule.why = "another"


def test_what_is_stored_comes_back_under_its_own_digest_only() -> None:
    packed.store("a", ONE)
    assert packed.stored("a") == ONE
    assert packed.stored("b") is None


def test_rules_of_a_wheel_are_read_only_where_they_fit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A copy of the package with the packed rules, and then with a rule file that changed."""
    home = tmp_path / "home"
    shutil.copytree(ROOT / "cleaner", home / "cleaner", ignore=shutil.ignore_patterns("__pycache__"))
    wheel = home / "cleaner" / "rules" / IN_WHEEL
    wheel.write_bytes(for_wheel())
    assert rules_at(home) == (len(shipped_rules()), False)
    ads = home / "cleaner" / "rules" / "any" / "residue.toml"
    ads.write_text(ads.read_text() + "# a line more\n")
    assert rules_at(home) == (len(shipped_rules()), True)
    wheel.write_bytes(b"nothing")
    assert rules_at(home) == (len(shipped_rules()), False), "they are in the cache now"


def rules_at(home: Path) -> tuple[int, bool]:
    """How many rules a copy of the package has, and whether it had to parse them."""
    code = "import sys, cleaner.ruleset as r; print(len(r.shipped_rules()), 'tomllib' in sys.modules, r.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=home,
        env=os.environ | {"PYTHONPATH": str(home)},
        capture_output=True,
        check=True,
        text=True,
    )
    number, parsed, place = done.stdout.split(maxsplit=2)
    assert place.startswith(str(home))
    return int(number), parsed == "True"


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b + b" ", lambda _: b"", lambda b: b[65:]])
def test_a_damaged_file_is_not_read(cache: Path, damage: object) -> None:
    packed.store("a", ONE)
    file = cache / "rules-a.json"
    file.write_bytes(damage(file.read_bytes()))
    assert packed.stored("a") is None


@pytest.mark.skipif(sys.platform == "win32", reason="folders of a profile are the user's own there")
def test_what_others_may_write_is_neither_read_nor_written(cache: Path) -> None:
    packed.store("a", ONE)
    (cache / "rules-a.json").chmod(0o666)
    assert packed.stored("a") is None
    (cache / "rules-a.json").chmod(0o644)
    assert packed.stored("a") == ONE
    cache.chmod(0o777)
    assert packed.stored("a") is None
    packed.store("b", ONE)
    assert not (cache / "rules-b.json").exists()


def test_no_cache_is_no_trouble(cache: Path) -> None:
    cache.write_text("a file, not a folder")
    packed.store("a", ONE)
    assert packed.stored("a") is None


def test_several_at_once_and_only_a_few_files_stay(cache: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: packed.store(str(n % 12), ONE), range(48)))
    assert {file.name.partition("-")[0] for file in cache.iterdir()} == {"rules"}
    packed.store("last", ONE)
    assert len(list(cache.iterdir())) <= 4
    assert packed.stored("last") == ONE


def test_another_process_takes_them_and_cleans_alike(cache: Path) -> None:
    code = "import cleaner; c = cleaner.Cleaner(); print(c.rules_digest, len(c.rule_set.rules))"
    said = {subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(said) == 1
    assert len(list(cache.glob("rules-*.json"))) == 1
    assert not os.listdir(cache)[0].startswith(".new")
