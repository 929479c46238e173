"""What is known of a pattern before it is tried: a line that it matches is never passed over."""

from __future__ import annotations

import pytest

from cleaner import Cleaner
from cleaner.markdown import undress
from cleaner.needs import beginnings
from cleaner.pattern import Clock, Pattern
from cleaner.text import fold


@pytest.mark.parametrize(
    ("source", "begins"),
    [
        pytest.param("read more", {b"read mor"}, id="a literal"),
        pytest.param(r"\W*read", {b"read"}, id="what is no letter does not begin a line that begins with one"),
        pytest.param(r"""[^\w"]{0,5}read""", {b"read"}, id="nor does a class without letters"),
        pytest.param(r"\(?read", {b"read"}, id="nor a sign"),
        pytest.param("(?:please )?read", {b"read", b"please r"}, id="what may be missing"),
        pytest.param("(?:see|read)s? it", {b"see it", b"sees it", b"read it", b"reads it"}, id="branches"),
        pytest.param("[RL]ead", {b"read", b"lead"}, id="a small class"),
        pytest.param(r"read\d+ it", {b"read"}, id="up to what is not known"),
        pytest.param("(?:ab)+c", {b"ab"}, id="up to what comes back"),
        pytest.param("\u0345x", {"\u03b9x".encode()}, id="a mark that is a letter in another case"),
        pytest.param(r"\W+read", set(), id="never with a letter"),
        pytest.param(r"\w+ read", None, id="any word"),
        pytest.param(".*read", None, id="anything"),
        pytest.param("[^.]{0,20}read", None, id="nearly anything"),
        pytest.param(r"(?:\p{Lu}\w+ )?read", None, id="a property"),
        pytest.param("(?:read){e<=1}", None, id="what the parser of the library does not know"),
    ],
)
def test_beginnings(source: str, begins: set[bytes] | None) -> None:
    found = beginnings(source)
    assert (found if found is None else set(found)) == begins


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("read more", "READ MORE"),
        (r"\W*read", '"(read'),
        (r"\W+read", "\ufeffread"),
        ("\u03c3\u03ac\u03c2", "\u03a3\u03ac\u03a3"),
        ("kelvin", "\u212aelvin"),
        ("straße", "STRA\u1e9eE"),
    ],
)
def test_what_matches_could_match(source: str, line: str) -> None:
    pattern = Pattern(source)
    assert pattern.matches(line, clock=Clock(0), rule_id="a-rule")
    assert pattern.could_match(fold(line))


def test_what_shipped_patterns_match_they_could_match() -> None:
    rules = [rule for rule in Cleaner(["aggressive", "page"]).rule_set.rules if hasattr(rule.fields, "whole")]
    tried = 0
    for rule in rules:
        whole, clock = rule.fields.whole, Clock(1_000_000)
        lines = [*rule.remove, *rule.keep, *(line for e in rule.examples for line in e.text.splitlines())]
        for line in lines:
            for view in map(undress, (line, line.upper(), f"({line}", f"\u00b7 {line}")):
                if view and whole.matches(view, clock=clock, rule_id=rule.id):
                    tried += 1
                    assert whole.could_match(fold(view)), (rule.id, view)
    assert tried > len(rules)
