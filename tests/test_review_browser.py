"""The page of ``cleaner review`` in a real Chromium, driven by Playwright; skipped where one of them is missing."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner
from cleaner.audit import digest
from cleaner.review import Review, page_of
from tests.making import PROSE, lines
from tests.test_command import run
from tests.test_review import HOSTILE, hostile_cleaner, hostile_text

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium: apt-get install chromium, or CHROMIUM=path of it"
)

LONG = " ".join(PROSE[:2])
SPAM = "Sign in to add this story to your reading list."
TEXTS = {
    "crawl/bridge.txt": lines(LONG, SPAM, LONG),
    "crawl/ferry.txt": lines(*PROSE, "Advertisement", *PROSE, f"{PROSE[0]} (turn0search21)"),
    "island/market.txt": lines(*PROSE[:3], "Advertisement", *PROSE[3:]),
    "island/quiet.txt": lines(*PROSE),
}
# Seconds within which a page of 5,000 texts opens, on a machine that does other things as well.
OPENS_IN = 10


@dataclass
class Opened:
    """A page in the browser, and what it should never say or ask for."""

    page: Any
    troubles: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        # The list is drawn in the next frame.
        self.page.evaluate("new Promise(requestAnimationFrame)")

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).inner_text())

    def rows(self) -> list[str]:
        self.page.wait_for_timeout(60)
        return [name.rpartition("/")[2] for name in self.page.locator(".row .place").all_text_contents()]

    def exported(self, *, key: str = "e") -> Any:
        with self.page.expect_download() as told:
            self.press(key)
        assert told.value.suggested_filename == "decisions.json"
        return json.loads(Path(told.value.path()).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        # Root has no sandbox to go into.
        args = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        yield found
        found.close()


@contextmanager
def opened(browser: Any, path: Path, **options: Any) -> Iterator[Opened]:
    """Open a page; fails afterwards if it complained, asked for anything, or showed a dialog."""
    context = browser.new_context(accept_downloads=True, **options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    found = Opened(page)
    page.on("console", lambda message: found.troubles.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: found.troubles.append(str(error)))
    page.on("dialog", lambda dialog: (found.troubles.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda request: request.url.startswith(("file:", "data:", "blob:")) or found.troubles.append(request.url),
    )
    page.goto(path.as_uri())
    page.wait_for_selector(".row, .empty")
    yield found
    context.close()
    assert found.troubles == []


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "in"


@pytest.fixture
def report(corpus: Path, tmp_path: Path) -> Path:
    assert run("review", corpus, "-o", tmp_path / "report.html").exit_code == 0
    return tmp_path / "report.html"


def page_for(cleaner: Cleaner, path: Path, texts: dict[str, str], **options: Any) -> Path:
    review = Review(cleaner, **options)
    for place, text in texts.items():
        review.add(cleaner.clean(text), place=place, site=place)
    path.write_text(page_of(review.finish()), encoding="utf-8", newline="")
    return path


def test_it_opens_with_the_riskiest_text(browser: Any, report: Path) -> None:
    with opened(browser, report) as review:
        assert "4 texts · 3 with 4 removals" in review.text("#totals")
        assert review.rows()[0] == "bridge.txt"
        assert review.text(".gone") == SPAM
        assert "It stands between two long paragraphs." in review.text("#detail")
        assert review.text("#body").strip() == TEXTS["crawl/bridge.txt"].strip()
        assert review.text("#progress") == "4 open"
        assert review.page.locator("#rules svg").count() == 3


def test_filters(browser: Any, report: Path) -> None:
    with opened(browser, report) as review:
        page = review.page
        page.locator(".rule", has_text="ad-label").click()
        assert sorted(review.rows()) == ["ferry.txt", "market.txt"]
        assert review.text("#matching") == "2 of 3 texts"
        page.locator(".rule", has_text="ad-label").click()
        assert len(review.rows()) == 3
        page.select_option("#category", "residue")
        assert len(review.rows()) == 1
        assert page.locator(".rule:visible").count() == 1
        page.locator("#clear").click()
        page.select_option("#site", "island")
        assert review.rows() == ["market.txt"]
        review.press("r")
        page.select_option("#site", "")
        page.select_option("#status", "reject")
        assert review.rows() == ["market.txt"]
        page.select_option("#status", "accept")
        assert review.rows() == []
        assert "No text passes these filters." in review.text("#body")
        page.locator("#clear").click()
        page.fill("#search", "READING LIST")
        assert review.rows() == ["bridge.txt"]
        page.select_option("#order", "place")
        page.fill("#search", "")
        assert review.rows() == ["bridge.txt", "ferry.txt", "market.txt"]


def test_what_is_rejected_stays_when_cleaned_with_the_exported_file(
    browser: Any, report: Path, corpus: Path, tmp_path: Path
) -> None:
    with opened(browser, report) as review:
        page = review.page
        page.locator(".row", has_text="ferry.txt").click()
        page.locator(".gone", has_text="Advertisement").click()
        page.locator("#detail button", has_text="Reject").click()
        assert review.text("#detail .by") == "Stays in this text."
        page.locator(".row", has_text="bridge.txt").click()
        page.locator("#of-text button", has_text="Never touch").click()
        page.locator(".row", has_text="market.txt").click()
        page.locator("#detail button", has_text="Accept").click()
        assert review.text("#progress") == "1 accepted · 2 rejected · 1 open"
        exported = review.exported()
    decisions = tmp_path / "decisions.json"
    decisions.write_text(json.dumps(exported))
    assert exported["texts"][0]["text"] == digest(TEXTS["crawl/bridge.txt"])
    assert {(row["rule"], row["verdict"]) for row in exported["removals"]} == {
        ("ad-label", "reject"),
        ("ad-label", "accept"),
    }
    assert run("clean", corpus, "--in-place", "--decisions", decisions).exit_code == 0
    assert (corpus / "crawl" / "bridge.txt").read_text() == TEXTS["crawl/bridge.txt"]
    assert (corpus / "crawl" / "ferry.txt").read_text() == TEXTS["crawl/ferry.txt"].replace(" (turn0search21)", "")
    assert "Advertisement" not in (corpus / "island" / "market.txt").read_text()
    assert run("check", corpus, "--decisions", decisions).exit_code == 0, "cleaned once is clean"


def test_with_the_keyboard_alone(browser: Any, report: Path) -> None:
    with opened(browser, report) as review:
        review.press("r")
        assert "ferry.txt" in review.text("#of-text"), "a verdict goes on to the next"
        review.press("a", "j")
        assert "market.txt" in review.text("#of-text")
        review.press("k", "k", "u", "D")
        assert review.text("#progress") == "3 rejected · 1 open"
        review.press("D", "p", "u", "R", "n", "n", "A")
        assert review.text("#progress") == "1 accepted · 1 rejected · 2 open"
        review.press("f")
        assert review.text("#matching") == "2 of 3 texts"
        review.press("/")
        review.page.keyboard.type("jar")
        assert review.text("#matching") == "0 of 3 texts", "letters are typed there"
        review.press("Escape", "Escape")
        assert review.text("#matching") == "3 texts"
        review.press("?")
        assert review.page.locator("#help").is_visible()
        review.press("j", "Escape")
        assert not review.page.locator("#help").is_visible()
        exported = review.exported()
        assert [row["verdict"] for row in exported["texts"]] == ["reject", "accept"]
        assert exported["rules"] == []


def test_tab_reaches_everything_and_the_focus_is_kept(browser: Any, report: Path) -> None:
    with opened(browser, report) as review:
        seen = set()
        for _ in range(60):
            review.press("Tab")
            seen.add(review.page.evaluate("document.activeElement.id || document.activeElement.className"))
        assert {"search", "category", "order", "list", "export", "help-button", "load-button"} <= seen
        assert any("gone" in name for name in seen)
        review.page.locator("#detail button", has_text="Reject").focus()
        review.press("Enter")
        assert "Reject" in review.page.evaluate("document.activeElement.textContent")
        review.page.locator("#list").focus()
        review.press("ArrowDown")
        review.page.wait_for_selector("#list[aria-activedescendant=row-1]", timeout=5_000)
        assert review.page.locator(".row[aria-selected=true]").count() == 1


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_hostile_texts_names_and_rules_are_text(browser: Any, tmp_path: Path, hostile: str) -> None:
    text = hostile_text(hostile)
    path = page_for(hostile_cleaner(hostile), tmp_path / "r.html", {f"in/{hostile}": text})
    with opened(browser, path) as review:
        elements = "[...document.querySelectorAll('script, img, b, iframe, a')].map((e) => e.tagName).join()"
        assert review.page.evaluate(elements) == "SCRIPT"
        assert review.page.locator("#rules button").count() == 1
        review.press("j", "r", "D")
        shown = review.page.evaluate("document.getElementById('body').textContent")
        assert not set(shown) & set("\x00\x1b\x7f\x9b\u202e\u2066\ufeff\ud800"), "nothing of it is obeyed"
        if hostile.isascii() and hostile.isprintable():
            assert hostile in shown
            assert hostile in review.text("#detail .rule-id")
            assert hostile.rpartition("/")[2] in review.text(".row .file")
        exported = review.exported()
    row = exported["removals"][0]
    assert text[row["start"] : row["end"]] == row["removed"]
    assert row["text"] == digest(text)
    assert [row["rule"] for row in exported["rules"]] == [hostile]


def test_the_policy_forbids_markup_from_text(browser: Any, report: Path) -> None:
    with opened(browser, report) as review:
        for attempt in (
            "document.body.innerHTML = '<img src=x onerror=alert(1)>'",
            "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
            "document.createElement('script').text = 'alert(1)'",
        ):
            with pytest.raises(sync_api.Error, match="Trusted"):
                review.page.evaluate(f"() => {{ {attempt} }}")
        refused = "fetch('https://example.org/').then(() => 'sent', () => 'refused')"
        assert review.page.evaluate(refused) == "refused"
        # What was tried here is complained of, rightly.
        assert len(review.troubles) >= 2
        review.troubles.clear()


def test_five_thousand_texts_open_soon_and_are_not_all_elements(browser: Any, tmp_path: Path) -> None:
    cleaner = Cleaner()
    body = lines(*PROSE * 6)
    texts = {f"crawl/{n:05}.txt": f"Number {n}. {body}Advertisement\n{body}" for n in range(5_100)}
    path = page_for(cleaner, tmp_path / "r.html", texts)
    assert path.stat().st_size < 60_000_000
    begun = time.monotonic()
    with opened(browser, path) as review:
        assert time.monotonic() - begun < OPENS_IN
        assert "5,000 of 5,100 texts with removals are shown" in review.text("#notice")
        assert "5,100 texts" in review.text("#totals")
        assert review.page.locator(".row").count() < 60
        review.page.evaluate("document.getElementById('list').scrollTop = 1e9")
        review.page.wait_for_timeout(100)
        last = review.page.locator(".row[aria-posinset='5000']")
        last.click()
        review.press("k", "j", "r")
        assert review.text("#progress") == "1 rejected · 4,999 open"
        begun = time.monotonic()
        review.page.fill("#search", "04999")
        assert len(review.rows()) <= 1
        assert time.monotonic() - begun < OPENS_IN / 2


def test_a_huge_line_and_many_removals_are_cut_and_told(browser: Any, tmp_path: Path) -> None:
    huge = "word " * 500_000 + ".\n"
    texts = {"huge.txt": huge + f"{PROSE[0]} (turn0search21)\n", "many.txt": f"{PROSE[0]} (turn0search21)\n" * 2_000}
    path = page_for(Cleaner(), tmp_path / "r.html", texts)
    assert path.stat().st_size < 1_000_000
    with opened(browser, path) as review:
        review.page.select_option("#order", "place")
        review.page.locator(".row").first.click()
        assert "characters not shown" in review.text("#body")
        review.page.locator(".row").last.click()
        assert "1,700 further removals" in review.text("#body")


def test_decisions_are_loaded_and_gone_on_from(browser: Any, report: Path, tmp_path: Path) -> None:
    elsewhere = {"text": digest("not here"), "place": "gone.txt", "verdict": "reject"}
    begun = {
        "decisions": 1,
        "rules": [{"rule": "ad-label", "verdict": "reject"}, {"rule": "not-here", "verdict": "reject"}],
        "texts": [elsewhere],
        "rules_digest": "that of other rules",
    }
    (tmp_path / "d.json").write_text(json.dumps(begun))
    with opened(browser, report) as review:
        review.page.set_input_files("#load", tmp_path / "d.json")
        review.page.wait_for_selector("#notice:visible")
        assert review.text("#notice") == (
            "3 decisions loaded, 2 of them on what this page does not show. They were made on other rules."
        )
        assert review.text("#progress") == "2 rejected · 2 open"
        exported = review.exported()
        assert {row["rule"] for row in exported["rules"]} == {"ad-label", "not-here"}
        assert exported["texts"] == [elsewhere]
        for wrong, told in (
            ("{", "It is no JSON."),
            ("[]", "no file of decisions"),
            ('{"decisions": 9}', "newer version"),
        ):
            (tmp_path / "d.json").write_text(wrong)
            review.page.set_input_files("#load", tmp_path / "d.json")
            review.page.wait_for_function(
                "(told) => document.getElementById('notice').textContent.includes(told)", arg=told
            )
        assert review.text("#progress") == "2 rejected · 2 open"


def test_decisions_that_the_page_was_made_with_are_there(browser: Any, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text('{"decisions": 1, "rules": [{"rule": "ad-label", "verdict": "reject"}]}')
    assert run("review", corpus, "-o", tmp_path / "r.html", "--decisions", tmp_path / "d.json").exit_code == 0
    with opened(browser, tmp_path / "r.html") as review:
        assert review.text("#progress") == "2 rejected · 2 open"


def test_a_draft_outlives_a_reload(browser: Any, report: Path) -> None:
    with opened(browser, report) as review:
        review.press("r", "a")
        review.page.reload()
        review.page.wait_for_selector(".row")
        assert review.text("#progress") == "1 accepted · 1 rejected · 2 open"
        stored = review.page.evaluate("JSON.stringify(Object.entries(localStorage))")
        assert SPAM not in stored, "no text of the corpus is stored"


def test_nothing_to_review(browser: Any, tmp_path: Path) -> None:
    with opened(browser, page_for(Cleaner(), tmp_path / "r.html", {"a.txt": lines(*PROSE)})) as review:
        assert "Nothing goes" in review.text("#body")
        review.press("j", "k", "n", "a", "r", "u", "A", "R", "D", "f", "Escape")
        assert review.exported() == {
            "decisions": 1,
            "rules_digest": Cleaner().rules_digest,
            "rules": [],
            "texts": [],
            "removals": [],
        }


# For each element with text of its own: the contrast of its colour with what is behind it, where that is too little.
CONTRAST = """() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(e).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *")].filter((e) => e.offsetParent && !["OPTION", "KBD"].includes(e.tagName)
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).map((e) => {
      const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
      return [e.className || e.tagName, Math.round(100 * (a + 0.05) / (b + 0.05)) / 100];
    }).filter(([, ratio]) => ratio < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_in_both_themes(browser: Any, report: Path, scheme: str) -> None:
    with opened(browser, report, color_scheme=scheme) as review:
        review.press("r", "a", "k")
        # Colours move for a moment.
        review.page.wait_for_timeout(400)
        assert review.page.evaluate(CONTRAST) == []
        background = review.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == {"light": "rgb(247, 246, 243)", "dark": "rgb(21, 23, 26)"}[scheme]


@pytest.mark.parametrize("width", [1600, 1280, 1000, 600, 380])
def test_nothing_is_wider_than_the_window(browser: Any, report: Path, width: int) -> None:
    with opened(browser, report, viewport={"width": width, "height": 800}) as review:
        assert review.page.evaluate("document.documentElement.scrollWidth") <= width
        assert review.page.locator(".gone").first.is_visible()
