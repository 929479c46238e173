"""Learning a corpus: lines that come back across the pages of a site become rules.

Documents are read to rows (:mod:`~cleaner.learn.rows`), rows are counted
(:mod:`~cleaner.learn.counting`), what comes back is judged by its company
(:mod:`~cleaner.learn.company`, :mod:`~cleaner.learn.stories`), and what is learned is written as a
rule file (:mod:`~cleaner.learn.rule_file`). None knows more of the others than what they hand on.
"""

from cleaner.learn.counting import Counts, CountsError, Evidence, Size
from cleaner.learn.learning import count, learned_rules
from cleaner.learn.rows import Document

__all__ = ["Counts", "CountsError", "Document", "Evidence", "Size", "count", "learned_rules"]
