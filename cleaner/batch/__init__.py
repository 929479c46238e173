"""Runs over files: which inputs, where the output goes, and what became of each."""

from cleaner.batch.corpus import Options, clean_corpus
from cleaner.batch.inputs import InputError, Plan, Task, plan
from cleaner.batch.learn_corpus import LearnReport, counts_of, learn_corpus
from cleaner.batch.often import Often
from cleaner.batch.paths import PathPatterns, Untouched
from cleaner.batch.report import Report, Trouble, Troubles
from cleaner.batch.run import Visit, clean_tasks, replaced_file
from cleaner.batch.texts import CorpusArticle, CorpusText, read_articles, read_texts
from cleaner.batch.undo import restore_tasks
from cleaner.batch.work import StrictError

__all__ = [
    "CorpusArticle",
    "CorpusText",
    "InputError",
    "LearnReport",
    "Often",
    "Options",
    "PathPatterns",
    "Plan",
    "Report",
    "StrictError",
    "Task",
    "Trouble",
    "Troubles",
    "Untouched",
    "Visit",
    "clean_corpus",
    "clean_tasks",
    "counts_of",
    "learn_corpus",
    "plan",
    "read_articles",
    "read_texts",
    "replaced_file",
    "restore_tasks",
]
