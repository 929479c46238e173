"""Write the table of ordinary words that lint holds keywords against.

The words are the most frequent ones of each language in the stop lists of justext, which were counted in
Wikipedia and come with trafilatura. Run ``python -m tests.quality.ordinary`` and commit what changed.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

WORDS = 60
LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
}
TABLE = Path(__file__).parent.parent.parent / "cleaner" / "authoring" / "ordinary_words.toml"
HEADER = """\
# The most frequent words of each language, most frequent first. Made by tests/quality/ordinary.py; never edited.
# From the stop lists of justext, which were counted in Wikipedia:
#
"""


def main() -> None:
    """Write the table."""
    rows = [f'{lang} = "{_words(name)}"\n' for lang, name in sorted(LANGUAGES.items())]
    TABLE.write_text(HEADER + _licence() + "\n" + "".join(rows), encoding="utf-8")
    sys.stdout.write(f"{len(rows)} languages: {TABLE.name}\n")


def _words(name: str) -> str:
    listed = files("justext").joinpath("stoplists", f"{name}.txt").read_text(encoding="utf-8").split()
    bare = (word.casefold().strip(".,;:()\"'") for word in listed)
    return " ".join(list(dict.fromkeys(word for word in bare if word and "\\" not in word))[:WORDS])


def _licence() -> str:
    """The notice that the lists come with, as comments."""
    from importlib.metadata import distribution

    found = distribution("justext")
    path = next(file for file in found.files or () if file.name.startswith("LICENSE"))
    lines = Path(str(found.locate_file(path))).read_text(encoding="utf-8").splitlines()
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


if __name__ == "__main__":
    main()
