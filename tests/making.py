"""Rules made in a line, for tests of one kind at a time."""

from __future__ import annotations

from typing import Any

from cleaner.engine import Engine
from cleaner.kinds import KINDS
from cleaner.pattern import Pattern
from cleaner.rule import Rule

PROSE = (
    "The ferry between the two islands is back in service after a winter of repairs.",
    "Passengers had to take the long way round by road, which added two hours to the trip.",
    "The harbour master said that the new engine would last for at least twenty years.",
    "Fishermen welcomed the news, for the ferry carries their catch to the market in town.",
    "Tickets cost what they did before, and children under six travel free on all sailings.",
    "The islands had asked for a second ship, but the council found no money for it.",
)


def rule(kind: str, *, keywords: tuple[str, ...] = (), name: str = "made", **fields: Any) -> Rule[Any]:
    """A rule of the kind; patterns are given as strings."""
    patterns = {"pattern", "heading", "paragraph", "opens", "goes_on", "signs", "never", "byline", "post"}
    values = {key: Pattern(value) if key in patterns else value for key, value in fields.items()}
    return Rule(
        id=name,
        kind=kind,
        category="related",
        level="standard",
        why="A rule made up for a test.",
        fields=KINDS[kind].fields(**values),
        keywords=keywords,
    )


def left(text: str, *rules: Rule[Any]) -> str:
    """What the rules leave of a text."""
    return Engine(rules).settle(text).text


def lines(*parts: str) -> str:
    """Lines to a text."""
    return "".join(f"{part}\n" for part in parts)


# Prints the most memory, in KiB, that a program ever held. Not by getrusage alone: on Linux a new program
# begins with the peak of the one that started it, which here is pytest with all it has imported.
PRINT_PEAK = """
import resource, sys
try:
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
print(peak, file=sys.stderr)
"""
