"""Tools for people who write rules."""

from cleaner.authoring.comparison import Comparison, Side, compare
from cleaner.authoring.corpus import CorpusCounts, RuleCounts, count_removals
from cleaner.authoring.examples import Failure, try_examples
from cleaner.authoring.lint import CHECKS, Finding, lint

__all__ = [
    "CHECKS",
    "Comparison",
    "CorpusCounts",
    "Failure",
    "Finding",
    "RuleCounts",
    "Side",
    "compare",
    "count_removals",
    "lint",
    "try_examples",
]
