"""From a page to the text of its article, by trafilatura.

trafilatura is imported when the first page comes in, not before: it takes longer to load than
most runs over text take altogether.
"""

from __future__ import annotations


class ExtractionError(ValueError):
    """No article was found in the page."""


def extract(html: str | bytes, *, url: str | None = None) -> str:
    """The main text of a page, one line a paragraph, without comments.

    ``html`` may be bytes in any encoding that the page declares. ``url`` helps trafilatura to
    judge links.

    Raises :class:`ExtractionError` where the page holds no article text.
    """
    from trafilatura import extract as extract_text  # noqa: PLC0415 - slow to load, and most runs need no pages

    text = extract_text(html, url=url, include_comments=False)
    if not text:
        raise ExtractionError("no article text found in the page")
    return text
