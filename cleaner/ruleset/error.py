"""What is wrong with a rule file, and where."""

from __future__ import annotations

from collections.abc import Iterable


class RuleError(ValueError):
    """A rule file or rule set that cannot be used: file, line, rule and key, what is wrong, what to do."""

    def __init__(self, problem: str, *, file: str = "", line: int = 0, rule: str = "", key: str = "") -> None:
        place = f"{file}:{line}" if file and line else file
        named = ", ".join(part for part in (f"rule {rule!r}" if rule else "", key) if part)
        super().__init__(": ".join(part for part in (place, named, problem) if part))
        self.problem = problem
        self.file = file
        self.line = line
        self.rule = rule
        self.key = key


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a mistyped word, or nothing.

    >>> did_you_mean("keyword", ["keywords", "pattern"])
    "; did you mean 'keywords'?"
    """
    from difflib import get_close_matches  # noqa: PLC0415 - few runs have a mistake to explain

    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
