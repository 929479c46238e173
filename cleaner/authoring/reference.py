"""The rule reference: a page in Markdown for each language and category, and an index, made from the rules.

Each rule says what goes, why it is no text of the article, and what stays although it looks alike. Patterns are
not shown: they stand in the rule files, and `cleaner rules show ID` prints them.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cleaner.rule import CATEGORIES, LEVELS, Example, Rule

# So many examples of each sort are shown, each cut at so many characters; of whole texts so many lines.
MOST_EXAMPLES = 2
LONGEST_EXAMPLE = 160
MOST_LINES = 14

INDEX = "README.md"
LANGUAGES = {
    "any": "Any language",
    "ar": "Arabic",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "page": "Whole pages",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
WHAT = {
    "prompts": "Prompts: bookmarks, newsletters, apps, notifications, membership, donations",
    "social": "Share bars, follow us, counts",
    "related": "Links to other articles, with the items under them",
    "teasers": "Headlines of other articles, alone or with a truncated teaser",
    "metadata": "Bylines, update stamps, reading time, tags, counts, breadcrumbs",
    "credits": "Credits of reporters, editors, photographers and agencies",
    "about": "About the author or the company, press contacts",
    "legal": "Disclaimers, copyright, cookies, affiliate disclosures, terms",
    "ads": "Labels and lines of advertisements and sponsors",
    "navigation": "Menus, skip links, pagination, back to top",
    "comments": "Comment forms, counts, log in to comment",
    "media": "Players, galleries, loading messages",
    "paywall": "Sign in or subscribe to continue",
    "errors": "Errors of forms and scripts",
    "residue": "What chatbots leave in pasted text",
}
_MADE = "<!-- Made by `cleaner rules reference`; edits are lost. -->\n"
_TICKS = re.compile(r"`+")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def pages(rules: Iterable[Rule[Any]]) -> dict[str, str]:
    """The pages of the reference by their paths, ``LANGUAGE/CATEGORY.md``, and the index.

    Rules that are not in force by any set are marked.

    >>> from cleaner.ruleset import shipped_rules
    >>> made = pages(rule for rule in shipped_rules() if rule.source.endswith("any/legal.toml"))
    >>> sorted(made)
    ['README.md', 'any/legal.md']
    """
    by_page: dict[tuple[str, str], list[Rule[Any]]] = defaultdict(list)
    for rule in rules:
        by_page[_folder(rule), rule.category].append(rule)
    made = {f"{lang}/{category}.md": _page(lang, category, found) for (lang, category), found in by_page.items()}
    return {INDEX: _index(by_page), **made}


def write(rules: Iterable[Rule[Any]], folder: Path) -> tuple[int, int]:
    """Write the reference into a folder; how many pages were written, and how many old ones were deleted.

    Only pages that say that they were made so are deleted. Raises ``OSError``.
    """
    made = pages(rules)
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    old = [path for path in folder.rglob("*.md") if path.relative_to(folder).as_posix() not in made]
    stale = [path for path in old if _MADE in path.read_text(encoding="utf-8", errors="replace")]
    for path in stale:
        path.unlink()
    return len(made), len(stale)


def _folder(rule: Rule[Any]) -> str:
    return "page" if rule.source.startswith("rules/page/") else rule.lang


def _named(lang: str) -> str:
    return LANGUAGES.get(lang, lang)


def _index(by_page: Mapping[tuple[str, str], list[Rule[Any]]]) -> str:
    langs = sorted({lang for lang, _ in by_page}, key=lambda lang: (lang not in ("any", "page"), _named(lang)))
    number = sum(map(len, by_page.values()))
    lines = [
        _MADE,
        "# Rules",
        "",
        f"{number} rules: what goes, why it is no text of the article, what stays. Numbers are of rules.",
        "",
        "`safe` cannot be body; `standard` is what a careful editor would strike; `aggressive` is a guess.",
    ]
    for category in CATEGORIES:
        links = [
            f"[{_named(lang)}]({lang}/{category}.md) {len(by_page[lang, category])}"
            for lang in langs
            if (lang, category) in by_page
        ]
        if links:
            lines += ["", f"## {category}", "", f"{WHAT[category]}.", "", " · ".join(links)]
    return "\n".join(lines) + "\n"


def _page(lang: str, category: str, rules: Iterable[Rule[Any]]) -> str:
    ordered = sorted(rules, key=lambda rule: rule.id)
    levels = Counter(rule.level for rule in ordered)
    counts = ", ".join(f"{levels[level]} {level}" for level in LEVELS if levels[level])
    lines = [_MADE, f"# {_named(lang)}: {category}", "", f"{WHAT[category]}. {counts}. [All rules](../{INDEX})"]
    for rule in ordered:
        lines += ["", f"## {rule.id}", "", *_described(rule)]
    return "\n".join(lines) + "\n"


def _described(rule: Rule[Any]) -> Iterator[str]:
    where = getattr(rule.fields, "where", "anywhere")
    place = "" if where == "anywhere" else f", {where}"
    status = "" if rule.status == "stable" else f", {rule.status}: in no set"
    yield f"{escaped(rule.why)} ({rule.kind}{place}, {rule.level}{status})"
    said = [f"- goes: {code(line)}" for line in _some(rule.remove)]
    said += [f"- stays: {code(line)}" for line in _some(rule.keep)]
    if said:
        yield ""
        yield from said
    else:
        yield from _whole(rule.examples)


def _some(lines: Iterable[str]) -> list[str]:
    """The first examples, short ones before long ones; the order of the file breaks ties."""
    return sorted(lines, key=lambda line: len(line) > LONGEST_EXAMPLE)[:MOST_EXAMPLES]


def _whole(examples: Iterable[Example]) -> Iterator[str]:
    """The shortest text in which something goes, with what goes marked, and the shortest in which nothing does."""
    for goes in (True, False):
        found = [example for example in examples if (example.text != example.left) is goes]
        if not found:
            continue
        example = min(found, key=lambda one: len(one.text))
        marked = (_cut(line.rstrip()) for line in difflib.ndiff(example.text.splitlines(), example.left.splitlines()))
        shown = [line for line in marked if line and not line.startswith("?")]
        fence = "`" * max(3, 1 + max((len(ticks) for ticks in _TICKS.findall("\n".join(shown))), default=0))
        more = [] if len(shown) <= MOST_LINES else ["  ..."]
        yield from ("", "Goes:" if goes else "Stays:", "", f"{fence}diff", *shown[:MOST_LINES], *more, fence)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_EXAMPLE else text[: LONGEST_EXAMPLE - 1] + "…"


def code(text: str) -> str:
    """Text as a code span: whatever it holds, nothing of it is markup.

    >>> code("a `b`"), code("`")
    ('``a `b` ``', '`` ` ``')
    """
    text = " ".join("".join(char if char.isprintable() else "\ufffd" for char in line) for line in text.split("\n"))
    text = _cut(text)
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    before = " " if text[:1] in ("`", " ", "") else ""
    behind = " " if text[-1:] in ("`", " ", "") or before else ""
    return f"{fence}{before}{text}{behind}{fence}"


def escaped(text: str) -> str:
    r"""Text between markup, of which nothing is markup.

    >>> print(escaped("a *b* <c>"))
    a \*b\* \<c\>
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
