"""Tools for people who write rules."""

from cleaner.authoring.corpus import CorpusCounts, RuleCounts, count_removals
from cleaner.authoring.examples import Failure, try_examples
from cleaner.authoring.lint import CHECKS, Finding, lint

__all__ = [
    "CHECKS",
    "CorpusCounts",
    "Failure",
    "Finding",
    "RuleCounts",
    "count_removals",
    "lint",
    "try_examples",
]
