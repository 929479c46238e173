"""HTML pages: the article is extracted, and what is written is its cleaned text."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property

from cleaner.formats.plain import decode, insert
from cleaner.formats.record import Record, RecordError
from cleaner.markup import Article
from cleaner.removal import Removal, apply


class Page(Record):
    """A page; its text is the article that was found in it. Written as UTF-8 text."""

    # The output is text: a page without an article has none.
    stays_when_broken = False

    def __init__(self, raw: bytes, encoding: str | None) -> None:
        self._raw = raw
        self._encoding = encoding
        self._article: Article | None = None

    @property
    def raw(self) -> bytes:
        return self._raw

    @property
    def text(self) -> str:
        return self.article.text

    @property
    def article(self) -> Article:
        if self._article is None:
            self._article = extracted(decode(self._raw, self._encoding) if self._encoding else self._raw)
        return self._article

    def without(self, removals: Sequence[Removal]) -> bytes:
        return apply(self.text, removals).encode("utf-8", "surrogatepass")

    def with_inserted(self, pieces: Sequence[tuple[int, str]]) -> bytes:
        return insert(self.text, pieces).encode("utf-8", "surrogatepass")


class HoldsPage(Record):
    """A record that holds a page in a field; its text is the article that was found in the page."""

    @abstractmethod
    def _page_in_field(self) -> str | None:
        """The page, or None where the record has none. Raises :class:`RecordError`."""

    @cached_property
    def _article(self) -> Article | None:
        page = self._page_in_field()
        return None if page is None else extracted(page, url=self.url)

    @property
    def article(self) -> Article | None:
        return self._article

    @property
    def text(self) -> str | None:
        return None if self._article is None else self._article.text


def extracted(page: str | bytes, *, url: str | None = None) -> Article:
    """The article of a page. Raises :class:`RecordError` where there is none."""
    from cleaner.html import ExtractionError, extract_article  # noqa: PLC0415 - most runs need no pages

    try:
        return extract_article(page, url=url)
    except ExtractionError as error:
        raise RecordError(str(error)) from None
