"""Which words of a text are in another one, in order: a longest common subsequence, by rapidfuzz.

rapidfuzz comes with the extra ``eval`` and is imported when the first texts are compared: only
who measures needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class MissingExtraError(ImportError):
    """rapidfuzz is not installed; says how to get it."""

    def __init__(self) -> None:
        super().__init__("measuring needs rapidfuzz: pip install 'article-cleaner[eval]'")


def require_rapidfuzz() -> None:
    """Raise :class:`MissingExtraError` where rapidfuzz is not installed."""
    try:
        import rapidfuzz  # noqa: F401, PLC0415 - an extra: asked for, not used, here
    except ImportError:
        raise MissingExtraError from None


def aligned(source: Sequence[str], target: Sequence[str]) -> list[bool]:
    """For each word of ``source`` whether it is aligned with a word of ``target``.

    What both begin and end with is aligned as it stands; only the middle is searched.

    Raises :class:`MissingExtraError`.

    >>> aligned(["the", "old", "ferry", "sailed"], ["the", "ferry", "sailed"])
    [True, False, True, True]
    """
    head = _shared_head(zip(source, target, strict=False))
    tail = _shared_head(zip(reversed(source[head:]), reversed(target[head:]), strict=False))
    middle = _searched(source[head : len(source) - tail], target[head : len(target) - tail])
    return [True] * head + middle + [True] * tail


def _shared_head(pairs: Iterable[tuple[str, str]]) -> int:
    length = 0
    for one, other in pairs:
        if one != other:
            break
        length += 1
    return length


def _searched(source: Sequence[str], target: Sequence[str]) -> list[bool]:
    found = [False] * len(source)
    if not source or not target:
        return found
    require_rapidfuzz()
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415 - an extra

    for step in LCSseq.opcodes(source, target):
        if step.tag == "equal":
            found[step.src_start : step.src_end] = [True] * (step.src_end - step.src_start)
    return found
