"""The page: one file without a network, in which text of the corpus is data and nothing else.

The data stands in the page as JSON, in which no character is left that HTML reads; the script makes text nodes
of it. The page's own policy allows this one script and this one style, by their digests, and no request at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from typing import Any

from cleaner.decisions import Decisions
from cleaner.review.collect import Reviewed
from cleaner.review.risk import SIGNS, removal_risk
from cleaner.review.shown import ShownRemoval, ShownText

# Later ones use what earlier ones define.
_SCRIPTS = ("model.js", "elements.js", "list.js", "reader.js", "rules.js", "main.js")
_SLOT = re.compile(r"<!-- slot: (\w+) -->")
# What HTML would read, what ends a line of script, what turns the order of a reader's editor, what is no character.
_ESCAPED = re.compile("[<>&\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")


def page_of(reviewed: Reviewed, decisions: Decisions | None = None) -> str:
    """The page as HTML, to be written as UTF-8; ``decisions`` are those of an earlier review, to go on with."""
    style, script = _template("page.css"), "\n".join(map(_template, _SCRIPTS))
    script = f'"use strict";\n(() => {{\n{script}\n}})();\n'
    slots = {
        "policy": _policy(style, script),
        "style": f"<style>{style}</style>",
        "data": f'<script type="application/json" id="data">{embedded(_data(reviewed, decisions))}</script>',
        "script": f"<script>{script}</script>",
    }
    # In one pass: what went into a slot is never looked at for slots.
    return _SLOT.sub(lambda found: slots[found[1]], _template("page.html"))


def embedded(data: object) -> str:
    """JSON that can stand between tags: for a JSON parser the same data, for an HTML parser plain characters.

    >>> print(embedded("</script><!--"))
    "\\u003c/script\\u003e\\u003c!--"
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _name(reviewed: Reviewed, decisions: Decisions | None) -> str:
    """What tells this page from others: drafts of decisions are kept under it."""
    begun = "" if decisions is None else json.dumps(decisions.as_dict())
    return hashlib.sha256(f"{reviewed.name}{begun}".encode()).hexdigest()[:32]


def _template(name: str) -> str:
    return files("cleaner.review").joinpath("template", name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _policy(style: str, script: str) -> str:
    policy = (
        f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">'


def _digest(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _data(reviewed: Reviewed, decisions: Decisions | None) -> dict[str, Any]:
    levels = {found.rule.id: found.rule.level for found in reviewed.rules}
    return {
        "name": _name(reviewed, decisions),
        "rulesDigest": reviewed.rules_digest,
        "texts": reviewed.texts,
        "withRemovals": reviewed.with_removals,
        "removals": reviewed.removals,
        "words": reviewed.words,
        "wordsRemoved": reviewed.words_removed,
        "flagged": reviewed.flagged,
        "signs": SIGNS,
        "rules": [
            {
                "id": found.rule.id,
                "category": found.rule.category,
                "level": found.rule.level,
                "kind": found.rule.kind,
                "why": found.rule.why,
                "source": f"{found.rule.source}:{found.rule.line}" if found.rule.line else found.rule.source,
                "hits": found.hits,
                "texts": found.texts,
            }
            for found in reviewed.rules
        ],
        "shown": [_text(text, levels) for text in reviewed.shown],
        "decisions": None if decisions is None else decisions.as_dict(),
    }


def _text(text: ShownText, levels: dict[str, Any]) -> dict[str, Any]:
    return {
        "place": text.place,
        "site": text.site,
        "text": text.text,
        "left": text.left,
        "words": text.words,
        "share": round(text.share, 4),
        "risk": text.risk,
        "flags": text.flags,
        "kept": [piece.as_json() for piece in text.kept],
        "removals": [_removal(removal, levels) for removal in text.removals],
        "more": text.more,
    }


def _removal(removal: ShownRemoval, levels: dict[str, Any]) -> dict[str, Any]:
    return {
        "rule": removal.rule_id,
        "start": removal.start,
        "end": removal.end,
        "removed": removal.removed.as_json(),
        "line": removal.line,
        "signs": removal.signs,
        "risk": removal_risk(removal.signs, levels[removal.rule_id]),
    }
