"""Tools for people who write rules."""

from cleaner.authoring.comparison import Comparison, Side, compare
from cleaner.authoring.corpus import CorpusCounts, RuleCounts, count_removals
from cleaner.authoring.examples import Failure, try_examples
from cleaner.authoring.lint import CHECKS, Finding, lint
from cleaner.authoring.rejected import NearMisses, as_toml, near_misses, with_near_misses

__all__ = [
    "CHECKS",
    "Comparison",
    "CorpusCounts",
    "Failure",
    "Finding",
    "NearMisses",
    "RuleCounts",
    "Side",
    "as_toml",
    "compare",
    "count_removals",
    "lint",
    "near_misses",
    "try_examples",
    "with_near_misses",
]
