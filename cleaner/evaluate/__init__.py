"""Labelled pages: how much chrome a cleaner removes from them, and how much of the body it loses."""

from cleaner.evaluate.align import MissingExtraError, require_rapidfuzz
from cleaner.evaluate.draw import Measured, MissingPlotError, draw, require_matplotlib, table
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
    "Measured",
    "MissingExtraError",
    "MissingPlotError",
    "Page",
    "PageScore",
    "RuleScore",
    "Score",
    "Words",
    "by_category",
    "draw",
    "evaluate",
    "judge_pages",
    "judge_result",
    "label_lines",
    "read_labelled",
    "require_matplotlib",
    "require_rapidfuzz",
    "table",
    "total",
]
