"""Lines that annotators keep in the article and that count as chrome here: they are never counted.

A labelled body holds "Also read: ..." or a copyright line now and then, for annotators mark whole
blocks. To take such a line out is no loss, and to leave it in is no fault.
"""

from __future__ import annotations

import re


def _any_of(*choices: str) -> str:
    return f"(?:{'|'.join(choices)})"


_OTHER_ARTICLES = _any_of(
    "also read",
    "read also",
    "read more",
    "read next",
    "recommended reading",
    "related(?: (?:article|post|story|reading|content))?s?",
    "see also",
    "see more",
    "up next",
    r"more from [\w .]{2,30}",
    "don.t miss",
    "watch(?: now)?",
    "listen",
)
_OTHER_ARTICLES_ELSEWHERE = _any_of(
    "czytaj (?:też|także|więcej)",
    "zobacz też",
    "zobacz także",
    "przeczytaj także",
    "читайте также",
    "читать далее",
    "διαβάστε (?:επίσης|ακόμα|περισσότερα)",
    "lesen sie auch",
    "lire aussi",
    "à lire aussi",
    "leia também",
    "lea también",
    "te puede interesar",
    "leggi anche",
    "lees ook",
    "baca juga",
    "延伸閱讀",
    "延伸阅读",
    "相关阅读",
    "相關新聞",
    "相关新闻",
)
_WHO_EARNS = _any_of(
    "we", "i", "our", "my", "this (?:post|article|site|page|blog|story)", "you (?:buy|click|purchase|order)"
)
_EARNS = _any_of(
    "affiliate (?:links?|commissions?|partners?|relationships?)",
    r"(?:earn|receive|get) (?:a |an )?(?:\w+ )?(?:commission|share of the sale)",
)
_PICTURE = _any_of("photo", "photos", "image", "images", "picture", "photograph", "foto", "фото")
_DISCLAIMER = _any_of("免责声明", "免責聲明", "声明：", "本文仅代表作者个人观点", "责任编辑", "責任編輯")

_CONTESTED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\W*{_OTHER_ARTICLES}\s*(?:[:|»>–—-]|\.{{3}}).{{3,200}}",
        rf"\W*{_OTHER_ARTICLES_ELSEWHERE}\b.{{0,200}}",
        r"\W*(?:©|\(c\)|copyright\b).{0,300}",
        r".{0,200}\ball rights reserved\b.{0,200}",
        r"\W*(?:last )?(?:updated|published|posted|modified)(?: on| at|:)?\s.{0,50}\d{4}\W*(?:at .{0,20})?",
        rf"(?=.{{0,300}}\b{_WHO_EARNS}\b).{{0,300}}\b{_EARNS}\b.{{0,300}}",
        rf"\W*{_PICTURE}(?: credits?| courtesy(?: of)?| by)?\s*[:/|].{{0,80}}",
        r".{0,160}\bcontributed (?:reporting )?to this (?:report|story|article)\b.{0,80}",
        r"\W*(?:additional )?(?:reporting|editing|writing) by (?-i:[A-Z]).{0,200}",
        r".{0,120}\b(?:sign up|subscribe)\b.{0,60}\bnewsletters?\b.{0,80}",
        rf".{{0,20}}{_DISCLAIMER}.{{0,300}}",
    )
)


def is_contested(line: str) -> bool:
    """Whether a whole line is chrome that a labelled body may hold.

    >>> is_contested("Also read: The bridge that nobody wanted"), is_contested("He also read the letter.")
    (True, False)
    """
    bare = line.strip()
    return any(pattern.fullmatch(bare) for pattern in _CONTESTED)
