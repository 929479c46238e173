"""JSON lines: whatever a line holds and however it is written, only the string of the field changes."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.formats import Kind, Reading, Record, RecordError, source_of
from cleaner.removal import Removal

# Lone surrogates, too: JSON may hold them, written as escapes.
TEXTS = st.text(alphabet=st.one_of(st.sampled_from('"\\/\n\t\x7f é\u2028😀\ud800\udc00'), st.characters()), max_size=12)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(TEXTS, inner, max_size=2)),
    max_leaves=5,
)


@st.composite
def written(draw: st.DrawFn, value: Any) -> str:
    """A value as JSON, with the spaces and the escapes that some program may use."""
    space = draw(st.sampled_from(["", " ", "\t "]))
    if isinstance(value, dict):
        members = [
            f"{space}{draw(written(name))}{space}:{space}{draw(written(inner))}" for name, inner in value.items()
        ]
        return "{" + ",".join(members) + space + "}"
    if isinstance(value, list):
        return "[" + ",".join(space + draw(written(inner)) + space for inner in value) + "]"
    if isinstance(value, str):
        return '"' + "".join(draw(_character(char)) for char in value) + '"'
    return json.dumps(value)


def _character(char: str) -> st.SearchStrategy[str]:
    escaped = json.dumps(char)[1:-1]
    ways = [escaped, "".join(f"\\u{unit:04X}" for unit in _units(char))]
    if json.dumps(char, ensure_ascii=False) == f'"{char}"' and not "\ud800" <= char <= "\udfff":
        ways.append(char)
    return st.sampled_from([*ways, "\\/"] if char == "/" else ways)


def _units(char: str) -> list[int]:
    data = char.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A line whose field ``a.b`` is a string, in pieces: before the string as it is written, it, and behind."""
    text = draw(st.one_of(TEXTS, TEXTS))
    inner = draw(st.dictionaries(TEXTS.filter(lambda name: name != "b"), VALUES, max_size=2))
    outer = draw(st.dictionaries(TEXTS.filter(lambda name: name != "a"), VALUES, max_size=2))
    first = draw(st.sampled_from(["", '"a": 1, ', '"a": {"b": "not this one"}, ', '"\\u0061": null,']))
    if any(name == "b" for name in inner) or any(name == "a" for name in outer):
        first = ""
    mine = draw(written(text))
    before = draw(written(outer))[:-1] + (", " if outer else "") + first + '"a":' + draw(written(inner))[:-1]
    before += (", " if inner else "") + '"b" : '
    return text, [before, mine, draw(st.sampled_from(["}}", " } }\r", '},"z":[1.50,"}"]}  '])) + "\n"]


def record_of(raw: bytes) -> Record:
    (record,) = source_of(io.BytesIO(raw), Kind("jsonl"), Reading(field="a.b"))
    return record


@given(lines(), st.data())
@example(("x\ud83dy", ['{"a": {"b": ', '"x\\ud83Dy"', "}}\n"]), None)
@example(("😀\\", ['{"a": {"b": ', '"\\uD83D\\ude00\\\\"', "}}"]), None)
def test_only_the_string_changes_and_what_is_cut_comes_back(
    line: tuple[str, list[str]], data: st.DataObject | None
) -> None:
    text, (before, mine, behind) = line
    raw = (before + mine + behind).encode()
    record = record_of(raw)
    assert record.text == json.loads(mine)
    if record.text != text:
        return  # two halves of a character, written one after the other, are read as one
    start = data.draw(st.integers(0, len(text))) if data else 0
    end = data.draw(st.integers(start, len(text))) if data else 1
    removals = [Removal(start, end, "made")] if end > start else []
    cut = record.without(removals).decode()
    assert cut.startswith(before)
    assert cut.endswith(behind)
    left = cut[len(before) : len(cut) - len(behind)]
    assert json.loads(left) == _joined(text[:start] + text[end:])
    again = record_of(cut.encode())
    if again.text == text[:start] + text[end:]:
        gone = [(start, record.raw_of(start, end))] if removals else []
        assert again.with_inserted(gone) == raw


def _joined(text: str) -> str:
    """As JSON is read: two halves of a character that come to stand together are that character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param({}, "", id="none"),
        pytest.param({"body": "x", "meta": {"lang": "en"}}, " (there are body, meta)", id="a few"),
        pytest.param({"n" * 50: 1}, f" (there are {'n' * 40}...)", id="a long name"),
        pytest.param(dict.fromkeys("bcdefghijklm"), " (there are b, c, d, e, f, g, h, i, j, k, ...)", id="many"),
    ],
)
def test_a_field_that_is_not_there_is_told_with_those_that_are(value: dict[str, Any], told: str) -> None:
    with pytest.raises(RecordError) as problem:
        assert record_of(json.dumps(value).encode()).text
    assert str(problem.value) == f"no field 'a'; name the field of the text with --field{told}"
