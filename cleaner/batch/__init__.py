"""Runs over files: which inputs, where the output goes, and what became of each."""

from typing import TYPE_CHECKING

from cleaner.lazy import names_from

if TYPE_CHECKING:
    from cleaner.batch.corpus import Options, clean_corpus
    from cleaner.batch.inputs import InputError, Plan, Task, plan, size_of
    from cleaner.batch.learning import LearnReport, counts_of, learn_corpus
    from cleaner.batch.often import Often
    from cleaner.batch.paths import PathPatterns, Untouched
    from cleaner.batch.report import Report, Trouble, Troubles
    from cleaner.batch.run import Visit, clean_tasks, is_no_room, replaced_file
    from cleaner.batch.texts import CorpusArticle, CorpusText, read_articles, read_texts
    from cleaner.batch.undo import AuditRows, restore_tasks
    from cleaner.batch.work import StrictError

__getattr__ = names_from(
    __name__,
    {
        "AuditRows": "undo",
        "CorpusArticle": "texts",
        "CorpusText": "texts",
        "InputError": "inputs",
        "LearnReport": "learning",
        "Often": "often",
        "Options": "corpus",
        "PathPatterns": "paths",
        "Plan": "inputs",
        "Report": "report",
        "StrictError": "work",
        "Task": "inputs",
        "Trouble": "report",
        "Troubles": "report",
        "Untouched": "paths",
        "Visit": "run",
        "clean_corpus": "corpus",
        "clean_tasks": "run",
        "counts_of": "learning",
        "is_no_room": "run",
        "learn_corpus": "learning",
        "plan": "inputs",
        "read_articles": "texts",
        "read_texts": "texts",
        "replaced_file": "run",
        "restore_tasks": "undo",
        "size_of": "inputs",
    },
)

__all__ = [
    "AuditRows",
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
    "is_no_room",
    "learn_corpus",
    "plan",
    "read_articles",
    "read_texts",
    "replaced_file",
    "restore_tasks",
    "size_of",
]
