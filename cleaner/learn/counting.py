"""Counting rows on DuckDB: what comes back on a site, where, and beside what.

The statements are plain SQL over two tables, ``document`` and ``line``; nothing of a text is read
again. DuckDB keeps within its memory limit and spills to disk. All orders are written out, so the
same rows give the same evidence, however they came.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from cleaner.kinds.repeat import ANY_WORD
from cleaner.learn.rows import Form
from cleaner.learn.stories import count_stories
from cleaner.learn.tables import Tables, columns

# So many documents tell whether those that print a line tell different stories.
SAMPLE = 12
MEMORY_MB = 600

_TABLES = """
CREATE TABLE IF NOT EXISTS document (document BIGINT, site VARCHAR, seen VARCHAR);
CREATE TABLE IF NOT EXISTS line (
    document BIGINT, key BIGINT, form VARCHAR, place VARCHAR, before BIGINT, after BIGINT,
    words INTEGER, is_prose BOOLEAN, text VARCHAR, rest VARCHAR);
CREATE TABLE IF NOT EXISTS proposed (key BIGINT, site VARCHAR, line VARCHAR);
CREATE TABLE IF NOT EXISTS refused (key BIGINT);
"""
# A larger site needs more documents, for chance repeats more there.
_REPEATED = """
CREATE OR REPLACE TEMP TABLE site AS
SELECT site, count(DISTINCT document) AS size FROM document GROUP BY site;

CREATE OR REPLACE TEMP TABLE seen AS
SELECT document, min(site) AS site, min(seen) AS first, max(seen) AS last FROM document GROUP BY document;

CREATE OR REPLACE TEMP TABLE repeated AS
SELECT key, site, size, documents FROM (
    SELECT key, min(document) AS document, count(*) AS documents FROM line GROUP BY key HAVING count(*) > 1)
JOIN seen USING (document) JOIN site USING (site)
WHERE documents >= ceil(sqrt(size) / 2) AND key NOT IN (SELECT key FROM refused);

CREATE OR REPLACE TEMP TABLE occurrence AS
SELECT line.* FROM line JOIN repeated USING (key) WHERE text <> '';
"""
# Of values that are as frequent as each other the smallest stands for all.
_EVIDENCE = """
CREATE OR REPLACE TEMP TABLE evidence AS
WITH
texts AS (SELECT key, text, count(*) AS times FROM occurrence GROUP BY key, text),
befores AS (SELECT key, before, count(*) AS times FROM occurrence GROUP BY key, before),
afters AS (SELECT key, after, count(*) AS times FROM occurrence GROUP BY key, after),
text AS (SELECT key, arg_min(text, (-times, text)) AS text, count(*) AS texts FROM texts GROUP BY key),
before AS (SELECT key, arg_min(before, (-times, before)) AS before, max(times) AS before_times
           FROM befores GROUP BY key),
after AS (SELECT key, arg_min(after, (-times, after)) AS after, max(times) AS after_times
          FROM afters GROUP BY key),
place AS (
    SELECT key, min(form) AS form, count(*) FILTER (place = 'head') AS head,
        count(*) FILTER (place = 'inside') AS inside, count(*) FILTER (place = 'tail') AS tail,
        max(words) AS words, bool_or(is_prose) AS is_prose, min(first) AS first, max(last) AS last,
        count(DISTINCT rest) AS rests, min(rest) AS rest
    FROM occurrence JOIN seen USING (document) GROUP BY key)
SELECT site, size AS site_documents, key, text, texts, form, documents, head, inside, tail, words, is_prose,
    rests, rest, before, before_times, after, after_times, first, last
FROM repeated JOIN place USING (key) JOIN text USING (key) JOIN before USING (key) JOIN after USING (key);
"""
_SAMPLES = """
CREATE OR REPLACE TEMP TABLE sample AS
SELECT min(key) AS sample, list(key) AS keys, documents FROM (
    SELECT key, list_sort(min(document, {SAMPLE})) AS documents FROM occurrence GROUP BY key)
GROUP BY documents;
"""
_SAMPLED_PROSE = """
WITH sampled AS (SELECT sample, unnest(documents) AS document FROM sample)
SELECT sample, document, key, words FROM sampled JOIN line USING (document) WHERE is_prose
ORDER BY sample, document, key
"""
_JUDGED = """
WITH told AS (
    SELECT unnest(keys) AS key, coalesce(stories, 0) AS stories, len(documents) AS sampled
    FROM sample LEFT JOIN told_stories USING (sample))
SELECT evidence.*, stories, sampled FROM evidence JOIN told USING (key) ORDER BY site, key
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a line that several documents of a site print.

    ``texts`` are the different ways to write it, ``rests`` what stood where a form is open, such as
    ``rest``. ``before`` is the key of the line that most often stands before it, and ``before_times``
    how often; so for ``after``. Of ``sampled`` documents that print it ``stories`` tell different stories.
    """

    site: str
    site_documents: int
    key: int
    text: str
    texts: int
    form: Form
    documents: int
    head: int
    inside: int
    tail: int
    words: int
    is_prose: bool
    rests: int
    rest: str
    before: int
    before_times: int
    after: int
    after_times: int
    first: str
    last: str
    stories: int
    sampled: int

    @property
    def example(self) -> str:
        """A whole line, for a form that leaves something open."""
        if self.form == "begins":
            return self.text + self.rest
        return self.text.replace(ANY_WORD, self.rest) if self.form == "open" else self.text

    @property
    def share(self) -> float:
        """On what share of the site's documents the line stands."""
        return self.documents / self.site_documents


class Proposal(NamedTuple):
    """A line that was written to a rule file: its key, its site, and what its words come to."""

    key: int
    site: str
    line: str


@dataclass(frozen=True, slots=True)
class Size:
    """How much was counted."""

    documents: int
    sites: int
    lone_sites: int


class Counted(Protocol):
    """What rules are learned from, whatever counted it."""

    def size(self) -> Size:
        """How many different documents of how many sites were counted."""

    def repeats(self) -> Iterator[list[Evidence]]:
        """What comes back on the documents of a site, in order of sites, those of one site together by key."""


class Counts:
    """Rows, counted by DuckDB in a file; what does not fit into memory is spilled beside it.

    ``file`` None counts in memory, for what is surely small. Raises :class:`CountsError` where the
    extra ``learn`` is not installed, and for a file of another kind.
    """

    def __init__(self, file: Path | None = None, *, memory_mb: int = MEMORY_MB) -> None:
        try:
            import duckdb  # noqa: PLC0415 - an extra
            import pyarrow  # noqa: F401, PLC0415 - an extra: what the rows come in
        except ImportError:
            raise CountsError("learning needs the extra learn: pip install 'article-cleaner[learn]'") from None

        config: dict[str, Any] = {"memory_limit": f"{memory_mb}MB", "preserve_insertion_order": False}
        try:
            self._db = duckdb.connect(str(file or ":memory:"), config=config)
            self._db.execute(_TABLES)
        except duckdb.Error as error:
            raise CountsError(f"{file}: holds no counts that this version can read ({_first_line(error)})") from None

    def close(self) -> None:
        """Write what is left to write."""
        self._db.close()

    def add(self, tables: Tables) -> None:
        """Take in a batch of documents; the lines of a text that is known already are left out."""
        with self._named("new_document", tables.documents), self._named("new_line", tables.lines):
            self._db.execute(
                "INSERT INTO line SELECT * FROM new_line WHERE document NOT IN (SELECT document FROM document)"
            )
            self._db.execute("INSERT INTO document SELECT * FROM new_document")

    @contextmanager
    def _named(self, name: str, table: Any) -> Iterator[None]:
        """A table of Arrow's that statements can name."""
        self._db.register(name, table)
        yield
        self._db.unregister(name)

    def size(self) -> Size:
        """How many different documents of how many sites were counted."""
        statement = "SELECT count(DISTINCT document) AS n FROM document GROUP BY site"
        total = f"SELECT coalesce(sum(n), 0), count(*), count(*) FILTER (n = 1) FROM ({statement})"  # noqa: S608
        documents, sites, lone = self._db.execute(total).fetchall()[0]
        return Size(int(documents), sites, lone)

    def propose(self, proposals: Iterable[Proposal]) -> None:
        """Remember what was written to the rule file, to know later what a person deleted from it."""
        rows = list(zip(*proposals, strict=True)) or [()] * len(Proposal._fields)
        self._db.execute("DELETE FROM proposed")
        with self._named("new_proposed", columns(dict(zip(Proposal._fields, rows, strict=True)))):
            self._db.execute("INSERT INTO proposed SELECT * FROM new_proposed")

    def refuse_all_but(self, kept: Container[tuple[str, str]]) -> int:
        """Never learn again what was proposed and is not among the sites and lines ``kept``; says how many."""
        proposed = [Proposal(*row) for row in self._rows("SELECT key, site, line FROM proposed")]
        refused = [one.key for one in proposed if (one.site, one.line) not in kept]
        with self._named("new_refused", columns({"key": array("q", refused)})):
            self._db.execute("INSERT INTO refused SELECT * FROM new_refused")
        return len(refused)

    def repeats(self) -> Iterator[list[Evidence]]:
        """What comes back on the documents of a site, in order of sites, those of one site together."""
        for statement in (_REPEATED, _EVIDENCE, _SAMPLES.replace("{SAMPLE}", str(SAMPLE))):
            self._db.execute(statement)
        samples, stories = array("q"), array("q")
        for sample, told in self._told():
            samples.append(sample)
            stories.append(told)
        with self._named("told_stories", columns({"sample": samples, "stories": stories})):
            rows = (Evidence(*row) for row in self._rows(_JUDGED))
            for _, of_site in itertools.groupby(rows, key=lambda evidence: evidence.site):
                yield list(of_site)

    def _told(self) -> Iterator[tuple[int, int]]:
        for sample, rows in itertools.groupby(self._rows(_SAMPLED_PROSE), key=lambda row: row[0]):
            documents: dict[int, dict[int, int]] = {}
            for _, document, key, words in rows:
                documents.setdefault(document, {})[key] = words
            yield sample, count_stories(documents)

    def _rows(self, statement: str) -> Iterator[tuple[Any, ...]]:
        cursor = self._db.execute(statement)
        while rows := cursor.fetchmany(10_000):
            yield from rows


class CountsError(ValueError):
    """Counts that cannot be made or read; says what is wrong and what to do."""


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
