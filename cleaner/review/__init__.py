"""What rules do to a corpus, as one page to read and to decide on."""

from cleaner.review.collect import MOST_TEXTS, Review, Reviewed
from cleaner.review.page import page_of

__all__ = ["MOST_TEXTS", "Review", "Reviewed", "page_of"]
