"""Figures of several rule sets on several files: a drawing, and a table for a paper.

Drawn is chrome removed against body lost: what is wanted stands at the upper left. Drawing is done by
matplotlib, which comes with the extra ``plot`` and is imported when something is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from cleaner.evaluate.score import Score

# Told apart by people who do not see all colours (Okabe and Ito 2008), and by shape.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_MARKERS = "osD^vPX*"
_HEADER = ("data", "rules", "pages", "chrome", "chrome removed", "body lost", "intact pages", "F1 before", "F1 after")


class MissingPlotError(ImportError):
    """matplotlib is not installed; says how to get it."""

    def __init__(self) -> None:
        super().__init__("drawing needs matplotlib: pip install 'article-cleaner[plot]'")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a rule set came to on a file of labelled pages."""

    data: str
    rules: str
    score: Score


def require_matplotlib() -> None:
    """Raise :class:`MissingPlotError` where matplotlib is not installed."""
    try:
        import matplotlib  # noqa: F401, PLC0415 - an extra: asked for, not used, here
    except ImportError:
        raise MissingPlotError from None


def draw(measured: Sequence[Measured], sink: IO[bytes], *, kind: str = "svg") -> None:
    """Draw chrome removed against body lost, in percent: a colour for each file, a shape for each rule set.

    ``kind`` is ``svg`` or ``png``. The same figures make the same bytes with one release of matplotlib.

    Raises :class:`MissingPlotError`.
    """
    require_matplotlib()
    import matplotlib as mpl  # noqa: PLC0415 - an extra
    from matplotlib.figure import Figure  # noqa: PLC0415

    # A name of a file may hold a dollar, which would begin a formula.
    with mpl.rc_context({"text.parse_math": False, "svg.hashsalt": "cleaner", "font.size": 10}):
        figure = Figure(figsize=(7, 4.5), layout="constrained")
        _plot(figure.add_subplot(), measured)
        figure.savefig(sink, format=kind, dpi=160, metadata={"Date": None} if kind == "svg" else None)


def _plot(axes: Any, measured: Sequence[Measured]) -> None:
    data, rules = _names(row.data for row in measured), _names(row.rules for row in measured)
    for row in measured:
        axes.plot(
            100 * row.score.body_lost,
            100 * row.score.chrome_removed,
            linestyle="none",
            markersize=8,
            color=_COLOURS[data.index(row.data) % len(_COLOURS)],
            marker=_MARKERS[rules.index(row.rules) % len(_MARKERS)],
            clip_on=False,
        )
    axes.set(xlabel="body lost, % of its words", ylabel="chrome removed, % of its words", ylim=(0, 100))
    axes.set_xlim(left=0, right=max(0.1, axes.get_xlim()[1]))
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    _legend(axes, data, rules)


def _legend(axes: Any, data: Sequence[str], rules: Sequence[str]) -> None:
    """Beside the drawing: what each colour and each shape stands for."""
    from matplotlib.lines import Line2D  # noqa: PLC0415 - an extra

    def heading(words: str) -> Line2D:
        return Line2D([], [], linestyle="none", label=words)

    colours = [
        Line2D([], [], color=_COLOURS[n % len(_COLOURS)], linewidth=4, label=name) for n, name in enumerate(data)
    ]
    shapes = [
        Line2D([], [], color="#444444", linestyle="none", marker=_MARKERS[n % len(_MARKERS)], label=name)
        for n, name in enumerate(rules)
    ]
    handles = [heading("Pages"), *colours, heading(""), heading("Rules"), *shapes]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False)


def _names(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def table(measured: Iterable[Measured], *, kind: str = "md") -> str:
    """Before and after, as a table to paste: ``md`` for Markdown, ``tex`` for LaTeX (package booktabs).

    ``chrome`` is the share of chrome in the words of the pages, before anything is removed.

    >>> from cleaner.evaluate import Words
    >>> score = Score(2, 1, Words(chrome=10, body=90), Words(chrome=5), 1.7, 1.9)
    >>> print(table([Measured("pages.jsonl", "standard", score)]))
    | data | rules | pages | chrome | chrome removed | body lost | intact pages | F1 before | F1 after |
    |---|---|---:|---:|---:|---:|---:|---:|---:|
    | pages.jsonl | standard | 2 | 10.0% | 50.0% | 0.000% | 50.0% | 0.850 | 0.950 |
    <BLANKLINE>
    """
    rows = [_row(row) for row in measured]
    return _latex(rows) if kind == "tex" else _markdown(rows)


def _row(row: Measured) -> tuple[str, ...]:
    score = row.score
    shares = f"{score.chrome_share:.1%}", f"{score.chrome_removed:.1%}", f"{score.body_lost:.3%}"
    f1 = f"{score.f1_before:.3f}", f"{score.f1_after:.3f}"
    return row.data, row.rules, str(score.pages), *shares, f"{score.intact_pages:.1%}", *f1


def _markdown(rows: Iterable[Sequence[str]]) -> str:
    lines = [_HEADER, *rows]
    cells = [" | ".join(cell.replace("\\", "\\\\").replace("|", "\\|") for cell in line) for line in lines]
    cells.insert(1, "---|---|" + "|".join(["---:"] * (len(_HEADER) - 2)))
    return "".join(f"|{line}|\n" if line.startswith("---") else f"| {line} |\n" for line in cells)


# What LaTeX takes for its own.
_LATEX = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
)


def _latex(rows: Iterable[Sequence[str]]) -> str:
    lines = [" & ".join(cell.translate(_LATEX) for cell in line) + r" \\" for line in rows]
    head = " & ".join(_HEADER) + r" \\"
    columns = "ll" + "r" * (len(_HEADER) - 2)
    return "\n".join(
        [
            rf"\begin{{tabular}}{{{columns}}}",
            r"\toprule",
            head,
            r"\midrule",
            *lines,
            r"\bottomrule",
            r"\end{tabular}",
            "",
        ]
    )
