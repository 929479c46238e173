"""Learning from inputs to a rule file, whole or not at all.

Counts are made in a folder of their own beside the rule file and moved to their place, with the rules, when all
of it is done. A run that is killed leaves what was there before; what it had made so far can be deleted.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.batch.inputs import Task
from cleaner.batch.report import Troubles
from cleaner.batch.run import replaced_file
from cleaner.batch.texts import read_texts
from cleaner.formats import Reading
from cleaner.kinds.repeat import RepeatFields, same
from cleaner.learn import Counts, CountsError, Document, Proposal, Size, count, header, lessons
from cleaner.ruleset import RuleError, read_rule_file

COUNTS_SUFFIX = ".counts"


@dataclass
class LearnReport:
    """What a run of learning came to."""

    size: Size = field(default_factory=lambda: Size(0, 0, 0))
    without_site: int = 0
    sites_learned: int = 0
    lines: int = 0
    safe_lines: int = 0
    refused: int = 0
    failed: Troubles = field(default_factory=Troubles)


def counts_of(rules: Path) -> Path:
    """Where the counts behind a file of learned rules are kept."""
    return rules.with_name(rules.name + COUNTS_SUFFIX)


@contextmanager
def learn_corpus(
    tasks: Iterable[Task],
    rules: Path,
    report: LearnReport,
    *,
    reading: Reading,
    memory_mb: int,
    jobs: int = 1,
    update: bool = False,
    keep_counts: bool = True,
) -> Iterator[Path]:
    """Learn from the inputs and write ``rules``; with ``update`` beyond what is counted already.

    Yields a rule file of what is safe to use unseen, which is gone behind the context.

    Raises :class:`CountsError` and :class:`RuleError` where what is there cannot be built on, and ``OSError``.
    """
    rules.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=rules.parent, prefix=f".{rules.name}.") as folder:
        file = Path(folder) / "counts"
        if update:
            _take_over(rules, file)
        counts = Counts(file, memory_mb=memory_mb)
        if update:
            report.refused = counts.refuse_all_but(_lines_of(rules))
        count(_documents(tasks, reading, report), counts, jobs=jobs)
        report.size = counts.size()
        safe = Path(folder) / "safe.toml"
        _write(rules, safe, counts, report)
        counts.close()
        if keep_counts:
            os.replace(file, counts_of(rules))
        else:
            # Counts of another run would take what that run had proposed for deleted.
            counts_of(rules).unlink(missing_ok=True)
        yield safe


def _take_over(rules: Path, file: Path) -> None:
    known = counts_of(rules)
    if not known.is_file():
        raise CountsError(f"{known}: not found; without the counts behind {rules} all texts must be learned again")
    shutil.copyfile(known, file)


def _lines_of(rules: Path) -> set[tuple[str, str]]:
    """The sites and lines in a file of learned rules: what a person left in it."""
    try:
        read = read_rule_file(rules.read_text(encoding="utf-8-sig"), source=str(rules))
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"cannot be read: {error}", file=str(rules)) from None
    found: set[tuple[str, str]] = set()
    for rule in read.rules:
        if not isinstance(rule.fields, RepeatFields):
            raise RuleError("was not learned; keep rules of your own in another file", file=str(rules), rule=rule.id)
        listed = (*rule.fields.lines, *(line for run in rule.fields.runs for line in run), *rule.fields.begins)
        found.update((rule.fields.site, same(line)) for line in listed)
    return found


def _documents(tasks: Iterable[Task], reading: Reading, report: LearnReport) -> Iterator[Document]:
    for text in read_texts(tasks, reading=reading, on_trouble=report.failed.append):
        if text.site is None or not text.site.strip():
            report.without_site += 1
        else:
            yield Document(text.site, text.text, text.place)


def _write(rules: Path, safe: Path, counts: Counts, report: LearnReport) -> None:
    proposals: list[Proposal] = []
    with replaced_file(rules) as sink, safe.open("w", encoding="utf-8") as safe_sink:
        head = header(report.size)
        sink.write(head.encode())
        safe_sink.write(head)
        for lesson in lessons(counts):
            sink.write(lesson.rules().encode())
            safe_sink.write(lesson.rules(only="safe"))
            proposals += lesson.proposals()
            report.sites_learned += 1
            report.lines += len(lesson.learned)
            report.safe_lines += sum(one.strength == "safe" for one in lesson.learned)
        counts.propose(proposals)
