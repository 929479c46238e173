"""Labelled pages: how much chrome a cleaner removes from them, and how much of the body it loses."""

from cleaner.evaluate.align import MissingExtraError, require_rapidfuzz
from cleaner.evaluate.judge import Page, evaluate, judge_pages, judge_result
from cleaner.evaluate.label import Label, LabelledLine, label_lines
from cleaner.evaluate.read import Fields, LabelledError, read_labelled
from cleaner.evaluate.score import LineScore, PageScore, RuleScore, Score, Words, by_category, total

__all__ = [
    "Fields",
    "Label",
    "LabelledError",
    "LabelledLine",
    "LineScore",
    "MissingExtraError",
    "Page",
    "PageScore",
    "RuleScore",
    "Score",
    "Words",
    "by_category",
    "evaluate",
    "judge_pages",
    "judge_result",
    "label_lines",
    "read_labelled",
    "require_rapidfuzz",
    "total",
]
