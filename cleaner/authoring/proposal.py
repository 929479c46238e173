"""A rule proposed from lines of chrome: as TOML that a person reads, mends and keeps.

What can be told from the lines is told: the pattern, the keywords, the language, a category like that of the shipped
rules whose words the lines use, an id. What cannot is said to be missing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any

from cleaner.authoring.corpus import LONGEST_SAMPLE, Text
from cleaner.authoring.examples import try_examples
from cleaner.authoring.families import SMALL, Family
from cleaner.authoring.keywords import ordinary_phrases, ordinary_words
from cleaner.authoring.lint import lint
from cleaner.authoring.tokens import Token, chrome_words, languages, tokens_of
from cleaner.authoring.variants import holds_keyword, taken
from cleaner.cleaner import Cleaner
from cleaner.evidence import is_prose
from cleaner.kinds.line import LONGEST, LONGEST_ALLOWED
from cleaner.markdown import undress
from cleaner.rule import ANY_LANGUAGE, CATEGORIES, LEARNED_CATEGORY, Rule
from cleaner.ruleset import FORMAT, RuleError, read_rule_file, shipped_rules

MOST_KEEP = 4
LONGEST_KEEP = 240
MOST_ID_WORDS = 4
# A word of more letters is rare enough to stand alone.
LONGEST_BARE = 12
_CANDIDATES = 40

# What a rule of a category is mostly there for; whoever knows better says it better.
_REASONS = {
    "prompts": "A prompt that the site puts around its articles, and no word of their authors.",
    "social": "A button or a call to share or follow, printed around the article.",
    "related": "A link to other articles, put beside this one by the site.",
    "teasers": "The headline of another article, put beside this one by the site.",
    "metadata": "What the site prints about the article above or below it: who, when, where filed.",
    "credits": "A credit that the site prints beside the article.",
    "about": "What the site says of itself or of its authors below the article.",
    "legal": "A legal notice that the site prints under all of its articles.",
    "ads": "A label or a line of an advertisement between the paragraphs.",
    "navigation": "A part of the menu or a link of the page around the article.",
    "comments": "A part of the form or the count of comments under the article.",
    "media": "A label or a message of a player or a gallery inside the page.",
    "paywall": "A notice to readers without a subscription, in place of the text or over it.",
    "errors": "A message of the page or its forms, and no text of the article.",
    "residue": "What a chatbot left in pasted text.",
}
# Ordinary words that tell what the chrome is about.
_TELLING = frozenset(("article", "story", "video", "news", "comments"))
_NOUNS = {"prompts": "prompt", "legal": "notice", "ads": "label", "navigation": "link", "errors": "message"}
# A sentence of an article that speaks of the chrome, for each language of the shipped rules.
_SENTENCES = {
    "ar": "كانت العبارة «{}» مكتوبة على جدار المطحنة القديمة، ولم يعرف أحد لماذا.",
    "de": "An der Wand der alten Mühle stand „{}“, und niemand im Dorf wusste, warum.",
    "el": "Στον τοίχο του παλιού μύλου έγραφε «{}», και κανείς στο χωριό δεν ήξερε γιατί.",
    "en": "The sign on the wall of the old mill said '{}', and nobody in the village knew why.",
    "es": "En la pared del viejo molino ponía «{}», y nadie en el pueblo sabía por qué.",
    "fr": "Sur le mur du vieux moulin, on lisait « {} », et personne au village ne savait pourquoi.",
    "hi": "पुरानी चक्की की दीवार पर '{}' लिखा था, और गाँव में कोई नहीं जानता था कि क्यों।",
    "id": "Di dinding kincir tua itu tertulis '{}', dan tak seorang pun di desa tahu mengapa.",
    "it": "Sul muro del vecchio mulino c'era scritto «{}», e nessuno in paese sapeva perché.",
    "ja": "古い水車小屋の壁には「{}」と書かれていたが、村の誰もその理由を知らなかった。",
    "ko": "낡은 방앗간 벽에는 '{}'라고 적혀 있었지만 마을의 누구도 그 이유를 알지 못했다.",
    "nl": "Op de muur van de oude molen stond '{}', en niemand in het dorp wist waarom.",
    "pl": "Na ścianie starego młyna widniał napis „{}”, i nikt we wsi nie wiedział dlaczego.",
    "pt": "Na parede do velho moinho lia-se «{}», e ninguém na aldeia sabia porquê.",
    "ru": "На стене старой мельницы было написано «{}», и никто в деревне не знал почему.",
    "sv": "På väggen till den gamla kvarnen stod det '{}', och ingen i byn visste varför.",
    "tr": "Eski değirmenin duvarında '{}' yazıyordu ve köyde kimse nedenini bilmiyordu.",
    "uk": "На стіні старого млина було написано «{}», і ніхто в селі не знав чому.",
    "vi": "Trên tường của cối xay cũ có ghi '{}', và không ai trong làng biết tại sao.",
    "zh": "老磨坊的墙上写着“{}”，村里没有人知道为什么。",
}
_SCRIPTS = (
    ("ja", r"[\u3040-\u30ff]"),
    ("ko", r"[\uac00-\ud7af]"),
    ("zh", r"[\u4e00-\u9fff]"),
    ("hi", r"[\u0900-\u097f]"),
    ("el", r"[\u0370-\u03ff]"),
    ("uk", r"[іїєґІЇЄҐ]"),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule proposed for a family of lines.

    ``toml`` is its text, with remarks where a person should look; ``rule`` what loading makes of it, or None where
    something is missing; ``problems`` what loading, lint and examples say; ``known`` the shipped rules that take
    the lines already; ``made_up`` whether its ``keep`` was found in no text.
    """

    toml: str
    rule: Rule[Any] | None
    problems: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    made_up: bool = True


@dataclass(slots=True)
class Seen:
    """What a rule meets in a corpus: lines that it would take, with samples, and near misses that it leaves."""

    texts: int = 0
    takes: int = 0
    samples: list[tuple[str, str]] = field(default_factory=list)
    near: dict[str, str] = field(default_factory=dict)

    def note(self, place: str, line: str, *, goes: bool, samples: int) -> None:
        """Take in a line that holds a keyword."""
        if goes:
            self.takes += 1
            if len(self.samples) < samples:
                self.samples.append((place, line[:LONGEST_SAMPLE]))
        elif len(line) <= LONGEST_KEEP and line not in self.near:
            self.near[line] = place
            if len(self.near) > 2 * _CANDIDATES:
                self.near = {line: self.near[line] for line in best_near_misses(self.near, _CANDIDATES)}


def best_near_misses(near: Iterable[str], most: int = MOST_KEEP) -> list[str]:
    """The near misses that show most: sentences before scraps, short before long.

    >>> best_near_misses(["save to", "She went down to save the boat to the last of her strength."], 1)
    ['She went down to save the boat to the last of her strength.']
    """
    return sorted(near, key=lambda line: (not is_prose(line), len(line), line))[:most]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the author of a rule says beforehand; the rest is told from the lines."""

    id: str | None = None
    category: str | None = None
    lang: str | None = None
    level: str = "standard"


def propose(
    family: Family, wishes: Wishes | None = None, *, keep: Sequence[str] = (), taken_ids: Iterable[str] = ()
) -> Proposal:
    """A rule for the lines of a family, with ``keep`` as near misses; ``taken_ids`` are ids of others.

    >>> from cleaner.authoring.families import families
    >>> proposed = propose(families(["Save this recipe to your cookbook!"])[0])
    >>> proposed.rule.id, proposed.rule.keywords, proposed.problems
    ('save-recipe-cookbook-prompt', ('save this recipe to your cookbook',), ())
    """
    wishes = wishes or Wishes()
    lang = wishes.lang or language_of(family.lines)
    known = _known(family.lines)
    guessed = wishes.category is None and not known
    category = wishes.category or (known[0].category if known else _category_of(family, lang))
    wishes = replace(wishes, lang=lang, category=category)
    wishes = replace(wishes, id=wishes.id or _id_of(family, category, lang, frozenset(taken_ids)))
    keywords = family.keywords(lang)
    made_up = not keep
    keep = tuple(keep) or _sentence(keywords, lang)
    table = "\n".join(_table(family, wishes, keywords, keep, made_up=made_up, guessed=guessed)) + "\n"
    rule, problems = _judged(table, keywords, keep)
    if _is_bare_word(family):
        problems.append("one word by itself may stand in any article: paste what stands beside it, or set `where`")
    return Proposal(table, rule, tuple(problems), tuple(rule.id for rule in known), made_up)


def look_through(proposals: Sequence[Proposal], texts: Iterable[Text], samples: int = 5) -> dict[str, Seen]:
    """What the proposed rules meet in texts: by rule id. A bounded number of lines is kept."""
    rules = [proposal.rule for proposal in proposals if proposal.rule is not None]
    seen = {rule.id: Seen() for rule in rules}
    for found in texts:
        for rule in rules:
            seen[rule.id].texts += 1
            if holds_keyword(rule, found.text):
                for line in found.text.splitlines():
                    if holds_keyword(rule, undress(line)):
                        shown = " ".join(line.split())
                        seen[rule.id].note(found.place, shown, goes=taken(rule, line), samples=samples)
    return seen


def language_of(lines: Iterable[str]) -> str:
    """The language that lines are most likely in, ``any`` where that cannot be told.

    >>> language_of(["Lesen Sie auch: Der Winter auf den Inseln"]), language_of(["点击查看"]), language_of(["Lorem"])
    ('de', 'zh', 'any')
    """
    text = " ".join(lines)
    for lang, script in _SCRIPTS:
        if re.search(script, text):
            return lang
    words = [word.strip(".,:;!?\"'()").casefold() for word in text.split()]
    scores = sorted(((_score(words, lang), lang) for lang in languages()), reverse=True)
    (best, lang), (second, _) = scores[:2]
    return lang if best > second and best >= 1 else ANY_LANGUAGE


def _score(words: Iterable[str], lang: str) -> float:
    ordinary, of_chrome = frozenset(ordinary_words(lang)), chrome_words(lang)
    return sum((word in ordinary) + 0.75 * (word in of_chrome) for word in words)


@cache
def _standard() -> Cleaner:
    return Cleaner("standard")


def _known(lines: Sequence[str]) -> list[Rule[Any]]:
    """Shipped rules that take all of the lines, by themselves between paragraphs, before or behind them."""
    body = "The night bus to the quarry villages was half empty when it left the square at ten.\n"
    found: Counter[str] = Counter()
    for line in lines:
        texts = (f"{line}\n{body}{body}", f"{body}{line}\n{body}", f"{body}{body}{line}\n")
        results = [_standard().clean(text) for text in texts]
        found.update({r.rule_id for result in results for r in result.removals if len(result.text) <= 2 * len(body)})
    rules = {rule.id: rule for rule in _standard().rule_set.rules}
    taken_by = {rule_id for rule_id, _ in found.items()}
    return [rules[rule_id] for rule_id in sorted(taken_by)] if sum(found.values()) >= len(lines) else []


def _category_of(family: Family, lang: str) -> str:
    """The category of the shipped rules whose examples are most like the lines."""
    marks = {mark for one in family.tokens for mark in _marks(one)}
    scores = {
        category: sum(weight for mark, weight in known.items() if mark in marks)
        for category, known in _vocabularies(lang).items()
    }
    best, score = max(scores.items(), key=lambda item: (item[1], item[0]))
    return best if score else "navigation"


def _marks(tokens: Sequence[Token]) -> Iterator[str]:
    """What a line is told by: its longer words, and its words in pairs."""
    words = [token.key for token in tokens if token.sort != "sign"]
    yield from (word for word in words if len(word) > SMALL)
    yield from map(" ".join, pairwise(words))


@cache
def _vocabularies(lang: str) -> dict[str, dict[str, float]]:
    """For each category its words and pairs of words, each with how much it speaks for that category."""
    counts: dict[str, Counter[str]] = {category: Counter() for category in _REASONS}
    for rule in shipped_rules():
        if rule.category in counts and lang in (rule.lang, ANY_LANGUAGE):
            marks = {mark for line in rule.remove for mark in _marks(tokens_of(undress(line)))}
            counts[rule.category].update(marks)
    whole: Counter[str] = sum(counts.values(), Counter())
    return {
        category: {
            mark: (number / whole[mark]) ** 2 * (3 if " " in mark else 1) * min(number, 3)
            for mark, number in found.items()
        }
        for category, found in counts.items()
    }


def _id_of(family: Family, category: str, lang: str, others: frozenset[str]) -> str:
    """A name for the chrome in small Latin letters, which no other rule has."""
    ordinary = {word for one in (lang, "en") for word in (*ordinary_words(one), *ordinary_phrases(one))} - _TELLING
    words = [_latin(key) for key in family.anchors if key[0].isalpha() and key not in ordinary]
    named = [word for word in dict.fromkeys(words) if len(word) > 1][:MOST_ID_WORDS]
    noun = _NOUNS.get(category, "line")
    parts = named if named and named[-1] == noun else [*(named or [lang, category]), noun]
    name = "-".join(parts)
    known = others | {rule.id for rule in shipped_rules()} | set(CATEGORIES)
    return next(one for n in range(1, 1_000) if (one := name if n == 1 else f"{name}-{n}") not in known)


def _latin(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.replace("ß", "ss").replace("ł", "l").replace("ø", "o").replace("ı", "i"))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]", "", bare) if bare.isascii() else ""


def _is_bare_word(family: Family) -> bool:
    """Whether all lines are one short word, which collides with a heading or with a word of another language."""
    return all(len(one) == 1 and one[0].sort == "word" and len(one[0].text) <= LONGEST_BARE for one in family.tokens)


def _sentence(keywords: Sequence[str], lang: str) -> tuple[str, ...]:
    """A made-up sentence of an article that speaks of the chrome; none where the language is not known well enough."""
    sentence = _SENTENCES.get(lang.partition("-")[0], _SENTENCES["en"] if lang == ANY_LANGUAGE else "")
    return (sentence.format(keywords[0]),) if sentence and keywords else ()


def _table(
    family: Family, wishes: Wishes, keywords: Sequence[str], keep: Sequence[str], *, made_up: bool, guessed: bool
) -> Iterator[str]:
    category = str(wishes.category)
    yield "[[rule]]"
    name = str(wishes.id)
    unnamed = name.startswith(f"{wishes.lang}-{category}-")
    yield f"id = {_string(name)}" + ("  # name it for what it is, in small Latin letters" if unnamed else "")
    yield 'kind = "line"'
    yield f"category = {_string(category)}" + ("  # a guess: see the other rules of it" if guessed else "")
    yield f"level = {_string(wishes.level)}"
    if wishes.lang != ANY_LANGUAGE:
        yield f"lang = {_string(str(wishes.lang))}"
    yield f"why = {_string(_REASONS[category])}  # say it better: who prints it, and where"
    longest = max(len(undress(line)) for line in family.lines)
    if longest > LONGEST:
        yield f"longest = {min(LONGEST_ALLOWED, -(-longest // 50) * 50 + 50)}"
    yield f"pattern = {_literal(family.pattern)}"
    yield (
        f"keywords = {_strings(keywords)}"
        if keywords
        else "keywords = []  # missing: all that is literal is too common"
    )
    yield f"remove = {_strings(family.lines)}"
    if not keep:
        yield "keep = []  # missing: sentences of real texts that hold the keyword"
    else:
        yield f"keep = {_strings(keep)}" + ("  # made up: sentences of real texts are better" if made_up else "")


def _judged(table: str, keywords: Sequence[str], keep: Sequence[str]) -> tuple[Rule[Any] | None, list[str]]:
    """What loading makes of the rule, and all that loading, lint and its examples have against it."""
    if not keywords:
        return None, ["no keyword: nothing in the lines is rare enough to look for; paste longer lines"]
    if not keep:
        return None, ["no near miss: write a sentence that holds the keyword into `keep`, or name texts with --corpus"]
    try:
        (rule,) = read_rule_file(f"format = {FORMAT}\n{table}", source="proposal").rules
    except RuleError as error:
        return None, [f"{error.key}: {error.problem}" if error.key else error.problem]
    whole = _standard().rule_set.rules
    problems = [f"{found.check}: {found.problem}; {found.instead}" for found in lint([rule], whole)]
    return rule, problems + [failure.problem for failure in try_examples([rule], [rule])]


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _literal(pattern: str) -> str:
    """A pattern in quotes that leave back slashes alone."""
    if "'" not in pattern:
        return f"'{pattern}'"
    return f"'''{pattern}'''" if "'''" not in pattern and not pattern.endswith("'") else _string(pattern)


def _strings(values: Sequence[str]) -> str:
    inner = ", ".join(map(_string, values))
    return f"[{inner}]" if len(inner) < 100 else "[\n" + "".join(f"    {_string(value)},\n" for value in values) + "]"


# Rules that are written by hand have any category but that of learned ones.
assert set(_REASONS) == set(CATEGORIES) - {LEARNED_CATEGORY}  # noqa: S101 - a table that must be whole
