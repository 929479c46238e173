"""Learning a corpus: lines that come back across the pages of a site become rules.

Documents are read to rows (:mod:`~cleaner.learn.rows`), rows are counted
(:mod:`~cleaner.learn.counting`), what comes back is judged by its company
(:mod:`~cleaner.learn.company`, :mod:`~cleaner.learn.stories`), and what is learned is written as a
rule file (:mod:`~cleaner.learn.rule_file`). None knows more of the others than what they hand on.
"""

from cleaner.learn.counting import MEMORY_MB, Counts, CountsError, Evidence, Proposal, Size
from cleaner.learn.learning import Lesson, count, learned_rules, lessons
from cleaner.learn.rows import Document
from cleaner.learn.rule_file import header

__all__ = [
    "MEMORY_MB",
    "Counts",
    "CountsError",
    "Document",
    "Evidence",
    "Lesson",
    "Proposal",
    "Size",
    "count",
    "header",
    "learned_rules",
    "lessons",
]
