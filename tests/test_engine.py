"""The engine and the cleaner around it: looks, clocks, bounds, identity."""

from __future__ import annotations

import pickle
import sys
import threading
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import Cleaner
from cleaner.engine import LOOKS, Engine, Restless, Settled
from cleaner.look import Look
from cleaner.pattern import Clock, Pattern, PatternTimeout
from cleaner.removal import Cut, Removal, apply
from tests.making import PROSE, left, lines, rule
from tests.test_promise import cleaner_of

ARTICLE = lines(*PROSE)


def test_a_clean_text_comes_back_as_the_same_object(standard: Cleaner) -> None:
    for text in ("", "\n", ARTICLE, ARTICLE.replace("\n", "\r\n"), "Übermaß. " + ARTICLE, "word " * 1000):
        result = standard.clean(text)
        assert result.text is text
        assert result.removals == ()


def test_what_one_removal_uncovers_goes_in_the_next_look() -> None:
    token = rule("inline", keywords=("[x1]",), pattern=r"\[x1\]", name="token")
    ad = rule("line", keywords=("buy now",), pattern="buy now", name="ad")
    assert left(lines(PROSE[0], "buy [x1] now", PROSE[1]), token, ad) == lines(PROSE[0], PROSE[1])


@pytest.mark.parametrize("length", [150, 200, 201, 499, 500, 501])
@pytest.mark.parametrize("dress", ["{}", "- {}", "{} »", "buy **now**{}"])
def test_a_line_goes_that_is_as_long_as_its_rule_allows(length: int, dress: str) -> None:
    ads = [
        rule("line", keywords=("buy now",), pattern="buy now.*", name=f"ad-{longest}", longest=longest)
        for longest in (200, 500)
    ]
    start = "" if "buy" in dress else "buy now"
    ad = dress.format(start + "!" * (length - len("buy now")))
    assert left(lines(PROSE[0], ad, PROSE[1]), *ads) == (
        lines(PROSE[0], PROSE[1]) if length <= 500 else lines(PROSE[0], ad, PROSE[1])
    )


@pytest.mark.parametrize("beside", ["", "A long line of prose. " * 20])
def test_a_token_goes_of_a_line_of_which_line_rules_see_nothing(beside: str) -> None:
    token = rule("inline", keywords=("](card=",), pattern=r"\[\]\(card=\d\)", name="token")
    assert left(lines(PROSE[0], "[](card=1)", PROSE[1], beside), token) == lines(PROSE[0], PROSE[1], beside)


def test_a_rule_that_does_not_come_to_rest_loses_its_removals() -> None:
    # Each look takes the innermost pair, and there are more pairs than looks.
    peel = rule("inline", keywords=("()",), pattern=r"\(\)", name="peel")
    ad = rule("line", keywords=("buy now",), pattern="buy now", name="ad")
    depth = LOOKS
    text = lines(PROSE[0] + "(" * depth + ")" * depth, "Buy now")
    result = cleaner_of((peel, ad)).clean(text)
    assert result.text == lines(PROSE[0] + "(" * depth + ")" * depth)
    assert result.flags == ("restless:peel",)
    shallow = lines(PROSE[0] + "((()))")
    assert cleaner_of((peel,)).clean(shallow).text == lines(PROSE[0])


@pytest.mark.parametrize("kind", ["line", "inline", "section"])
def test_no_rule_can_hang_a_run(kind: str) -> None:
    runaway = r"(a|aa)+\1!"
    fields = {"heading" if kind == "section" else "pattern": runaway}
    made = rule(kind, keywords=("aaaa",), name="runaway", **fields)
    text = lines(PROSE[0], "a" * 100 + "c", PROSE[1])
    result = cleaner_of((made,)).clean(text)
    assert result.text is text
    assert result.flags == ("timeout:runaway",)


def test_the_clock_counts_all_matches_of_a_rule_together() -> None:
    clock = Clock(0)
    for _ in range(4):
        assert Pattern("a").matches("a", clock=clock, rule_id="slow")
        clock.spend("slow", 0.6)
    with pytest.raises(PatternTimeout):
        Pattern("a").matches("a", clock=clock, rule_id="slow")
    assert Pattern("a").matches("a", clock=clock, rule_id="other")


def test_a_machine_that_stands_still_stops_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = count(step=3600)
    monkeypatch.setattr("time.perf_counter", lambda: float(next(stopped)))
    clock = Clock(0)
    for _ in range(100):
        assert Pattern("a").matches("a", clock=clock, rule_id="sound")
        assert list(Pattern("a").finds("a", clock=clock, rule_id="sound"))


def test_a_rule_that_is_slow_in_many_small_steps_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.pattern.SECONDS", 0.02)
    clock, slow = Clock(0), Pattern("(a|aa)+b")

    def often(times: int) -> None:
        for _ in range(times):
            slow.matches("a" * 15 + "cb", clock=clock, rule_id="slow")

    often(1)
    with pytest.raises(PatternTimeout):
        often(1_000_000)


def test_max_removed_keeps_all_but_safe_removals() -> None:
    safe = cleaner_of((rule("line", keywords=("buy now",), pattern="buy now.*", name="ad"),)).rule_set.rules[0]
    from dataclasses import replace

    safe = replace(safe, level="safe")
    wide = rule("line", keywords=("ferry",), pattern=".*ferry.*", name="wide")
    text = lines("buy now", "The ferry is back", "The ferry is late", "Nothing else")
    held = cleaner_of((safe, wide), max_removed=0.6).clean(text)
    assert held.text == lines("The ferry is back", "The ferry is late", "Nothing else")
    assert held.flags == ("max-removed",)
    free = cleaner_of((safe, wide), max_removed=1.0).clean(text)
    assert (free.text, free.flags) == (lines("Nothing else"), ())


def test_of_one_line_in_an_article_it_is_told_at_once_that_enough_is_left() -> None:
    text = ARTICLE + "Advertisement\n"
    settled = Settled(ARTICLE, (Removal(len(ARTICLE), len(text), "ad"),))
    assert cleaner_of((), max_removed=0.6)._is_surely_long_enough(settled, text)
    assert not cleaner_of((), max_removed=0.01)._is_surely_long_enough(settled, text)


_WORDS = st.lists(st.sampled_from(["ferry ", " left", "a", "渡轮", "渡", " ", "\n", "b c "]), max_size=30).map("".join)


@given(text=_WORDS, ends=st.lists(st.integers(0, 60), max_size=8), max_removed=st.floats(0.0, 1.0))
def test_what_is_surely_long_enough_is_not_too_short(text: str, ends: list[int], max_removed: float) -> None:
    cleaner = cleaner_of((), max_removed=max_removed)
    ends = sorted({min(end, len(text)) for end in ends})
    removals = tuple(Removal(start, end, "some-rule") for start, end in zip(ends[::2], ends[1::2], strict=False))
    settled = Settled(apply(text, removals), removals)
    assert not (
        cleaner._is_surely_long_enough(settled, text)
        and cleaner._is_too_short(settled, cleaner._article_words(settled, text))
    )


def test_max_removed_is_a_share(standard: Cleaner) -> None:
    assert standard.max_removed == 0.6
    with pytest.raises(ValueError, match="between 0 and 1"):
        Cleaner("safe", max_removed=1.5)


def test_whatever_breaks_leaves_the_text_as_it_is(standard: Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    text = lines(PROSE[0], "Advertisement")
    monkeypatch.setattr(Engine, "settle", lambda *_: 1 / 0)
    result = standard.clean(text)
    assert result.text is text
    assert result.flags == ("error:ZeroDivisionError",)


def test_a_lie_of_the_engine_is_caught_by_the_guard(standard: Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.engine import Settled
    from cleaner.removal import Removal

    monkeypatch.setattr(Engine, "settle", lambda *_: Settled("shorter", (Removal(0, 1, "x"),)))
    text = lines(PROSE[0], "Advertisement")
    result = standard.clean(text)
    assert (result.text, result.flags) == (text, ("guard",))


def test_restless_names_its_rules() -> None:
    assert str(Restless(["b", "a"])) == "a, b"


def test_text_must_be_a_string(standard: Cleaner) -> None:
    with pytest.raises(TypeError, match="must be a string, not bytes"):
        standard.clean(b"bytes")  # type: ignore[arg-type]


def test_lang_narrows_the_rules() -> None:
    from dataclasses import replace

    english = replace(rule("line", keywords=("buy now",), pattern="buy now", name="english"), lang="en")
    polish = replace(rule("line", keywords=("kup teraz",), pattern="kup teraz", name="polish"), lang="pl")
    c = cleaner_of((english, polish))
    text = lines(PROSE[0], "buy now", "kup teraz")
    assert c.clean(text).text == lines(PROSE[0])
    assert c.clean(text, lang="pl").text == lines(PROSE[0], "buy now")


def test_clean_many_is_lazy_and_in_order(standard: Cleaner) -> None:
    def texts() -> object:
        yield ARTICLE
        yield lines(PROSE[0], "Advertisement")
        raise AssertionError("asked for more than was taken")

    results = standard.clean_many(texts())  # type: ignore[arg-type]
    assert next(results).text is not None
    assert next(results).text == lines(PROSE[0])


def test_pickling_keeps_everything() -> None:
    c = Cleaner("safe", disable=["ads"], max_removed=0.25)
    again = pickle.loads(pickle.dumps(c))  # noqa: S301 - our own
    assert (again.rule_set, again.max_removed) == (c.rule_set, 0.25)


def test_shared_between_threads(standard: Cleaner) -> None:
    text = lines(*PROSE, "Advertisement", "Similar News", "Another headline")
    fresh = pickle.loads(pickle.dumps(standard))  # noqa: S301 - our own
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.extend(r.text for r in fresh.clean_many([text] * 20))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [standard.clean(text).text] * 80


def test_one_line_of_ten_megabytes(standard: Cleaner) -> None:
    long = "word and (turn0search1) " * 400_000
    result = standard.clean(long + "\nAdvertisement\n")
    assert not result.flags
    assert "turn0search1" not in result.text
    assert "Advertisement" not in result.text
    assert standard.clean("x" * 10_000_000).removals == ()


def test_module_level_clean_takes_sets_files_and_disable(tmp_path: Path) -> None:
    text = lines(PROSE[0], "Advertisement")
    assert cleaner.clean(text).text == lines(PROSE[0])
    assert cleaner.clean(text, disable=["ads"]).text is text
    assert cleaner.clean(text, rules=["safe"]).text == lines(PROSE[0])


def test_clean_html_hands_out_the_extracted_text(standard: Cleaner) -> None:
    page = (
        "<html><body><article><h1>Ferry</h1>"
        + "".join(f"<p>{p}</p>" for p in (*PROSE, "Advertisement"))
        + "</article></body></html>"
    )
    result = standard.clean_html(page)
    assert PROSE[0] in result.source
    assert PROSE[0] in result.text
    assert "Advertisement" not in result.text


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    import subprocess

    code = "import sys, cleaner; cleaner.clean('Advertisement'); print([m for m in ('trafilatura', 'lxml', 'rich', 'typer') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_what_a_cut_leaves_is_seen_anew() -> None:
    look = Look(f"{PROSE[0]} 0search1\n")
    assert not look.is_prose(0)
    look.add([Cut(0, len(PROSE[0]), len(PROSE[0]) + len(" 0search1"), "token")])
    assert (look.view(0), look.is_prose(0)) == (PROSE[0], True)
