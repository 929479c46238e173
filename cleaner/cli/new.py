"""``cleaner rules new``: a rule proposed from lines that should go."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from cleaner.authoring.families import Family, families
from cleaner.authoring.proposal import Proposal, Seen, Wishes, best_near_misses, look_through, propose
from cleaner.batch import Trouble, read_texts, replaced_file
from cleaner.cli import options
from cleaner.cli.output import WOULD_CHANGE, complain, counted, harmless, say, stop
from cleaner.rule import CATEGORIES, LEARNED_CATEGORY, LEVELS
from cleaner.ruleset import FORMAT, RuleError, read_rule_file
from cleaner.ruleset.error import did_you_mean

# More of them are no few lines of one sort: `cleaner learn` finds what repeats.
MOST_LINES = 200
LONGEST_LINE = 3_000


def command(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A file of lines that should go; standard input without it.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Add the rules to this rule file, made if absent."),
    ] = None,
    name: Annotated[str | None, typer.Option("--id", metavar="ID", help="The id of the rule.")] = None,
    category: Annotated[str | None, typer.Option("--category", metavar="NAME", help="Its category.")] = None,
    level: Annotated[str, typer.Option("--level", metavar="NAME", help="Its level.")] = "standard",
    rule_lang: Annotated[str | None, typer.Option("--lang", metavar="CODE", help="Its language.")] = None,
    corpus: Annotated[
        list[str] | None,
        typer.Option(
            "--corpus", metavar="PATH", help="Look for near misses in these texts, and count what would go; repeatable."
        ),
    ] = None,
    field: options.Field = "text",
    format_name: options.FormatOption = None,
    encoding: options.Encoding = "utf-8",
) -> None:
    """Propose a rule for lines that should go, a line each.

    Lines of one sort become one rule: what they share stays, what varies may vary. Two or three lines say more than
    one. The proposal is checked; what is missing or doubtful is said on standard error, and the exit code is 1.
    """
    _refuse_unknown(category, level)
    found = families(_lines(file))
    if not found:
        stop("no line was given: paste lines that should go, and end with Ctrl-D (Ctrl-Z on Windows)")
    if name is not None and len(found) > 1:
        stop(f"--id {name}: the lines are of {len(found)} sorts, which become {len(found)} rules; give one sort")
    before, others = _before(output)
    wishes = Wishes(name, category, rule_lang, level)
    proposals = _proposed(found, wishes, others)
    if corpus:
        seen = _look(proposals, corpus, field, format_name, encoding)
        proposals = _with_near_misses(found, proposals, wishes, seen, others)
        _tell_seen(proposals, seen)
    sound = [proposal for proposal in proposals if proposal.rule is not None]
    if output is None or len(sound) < len(proposals):
        say(f"format = {FORMAT}\n\n" + "\n".join(proposal.toml for proposal in proposals).rstrip("\n"))
    elif sound:
        _write(output, before + "\n".join(proposal.toml for proposal in sound))
    _tell(found, proposals, output)


def _refuse_unknown(category: str | None, level: str) -> None:
    known = [one for one in CATEGORIES if one != LEARNED_CATEGORY]
    if category is not None and category not in known:
        stop(f"--category {category}: is none of {', '.join(known)}{did_you_mean(category, known)}")
    if level not in LEVELS:
        stop(f"--level {level}: is none of {', '.join(LEVELS)}{did_you_mean(level, LEVELS)}")


def _lines(file: Path | None) -> list[str]:
    if file is None and sys.stdin.isatty():
        say("paste lines that should go, one a line; end with Ctrl-D (Ctrl-Z on Windows)", error=True)
    try:
        raw = sys.stdin.buffer.read() if file is None else file.read_bytes()
        lines = [line for line in raw.decode("utf-8-sig").splitlines() if line.strip()]
    except OSError as error:
        stop(f"{file}: cannot be read: {error.strerror or error}")
    except UnicodeDecodeError as error:
        stop(f"{file or '<stdin>'}: not UTF-8: bad byte at offset {error.start}")
    if len(lines) > MOST_LINES:
        stop(f"{len(lines)} lines: give a few of one sort; `cleaner learn` finds lines that repeat across a site")
    longest = max(map(len, lines), default=0)
    if longest > LONGEST_LINE:
        stop(f"a line of {longest} characters: no rule takes lines of more than {LONGEST_LINE}")
    return lines


def _before(output: Path | None) -> tuple[str, set[str]]:
    """What the rule file holds already, and the ids in it."""
    if output is None or not output.exists():
        return f"format = {FORMAT}\n\n", set()
    try:
        text = output.read_text(encoding="utf-8-sig")
        rules = read_rule_file(text, source=str(output)).rules
    except RuleError as error:
        stop(f"{error}; mend it before rules are added")
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{output}: cannot be read: {getattr(error, 'strerror', None) or error}")
    return text.rstrip("\n") + "\n\n", {rule.id for rule in rules}


def _proposed(
    found: Sequence[Family], wishes: Wishes, others: set[str], keep: Sequence[Sequence[str]] = ()
) -> list[Proposal]:
    if wishes.id in others:
        stop(f"--id {wishes.id}: the file has a rule of that id")
    ids, proposals = set(others), []
    for number, family in enumerate(found):
        proposals.append(propose(family, wishes, keep=keep[number] if keep else (), taken_ids=ids))
        ids |= {rule.id for rule in [proposals[-1].rule] if rule is not None}
    return proposals


def _look(
    proposals: Sequence[Proposal], corpus: Sequence[str], field: str, format_name: str | None, encoding: str
) -> Mapping[str, Seen]:
    troubles: list[Trouble] = []
    plan = options.plan_of(corpus, format_name=format_name)
    reading = options.reading_of(field, encoding)
    seen = look_through(proposals, read_texts(plan.tasks, reading=reading, on_trouble=troubles.append))
    for trouble in troubles:
        complain(str(trouble))
    return seen


def _with_near_misses(
    found: Sequence[Family], proposals: Sequence[Proposal], wishes: Wishes, seen: Mapping[str, Seen], others: set[str]
) -> list[Proposal]:
    """The proposals anew, with what the corpus holds for ``keep``."""
    near = [best_near_misses(seen[p.rule.id].near) if p.rule is not None else [] for p in proposals]
    return _proposed(found, wishes, others, near)


def _tell_seen(proposals: Sequence[Proposal], seen: Mapping[str, Seen]) -> None:
    for rule in (proposal.rule for proposal in proposals if proposal.rule is not None):
        met = seen[rule.id]
        near = f"{counted(len(met.near), 'near miss')}" if len(met.near) == 1 else f"{len(met.near)} near misses"
        say(f"{rule.id}: in {counted(met.texts, 'text')} {counted(met.takes, 'line')} would go, {near}", error=True)
        for place, line in met.samples:
            say(harmless(f"    {place}: {line}"), error=True)


def _write(output: Path, text: str) -> None:
    try:
        with replaced_file(output) as sink:
            sink.write(text.encode())
    except OSError as error:
        stop(f"{output}: cannot be written: {error.strerror or error}")


def _tell(found: Sequence[Family], proposals: Sequence[Proposal], output: Path | None) -> None:
    """What became of the lines, and what a person should look at."""
    if len(found) > 1:
        say(f"the lines are of {len(found)} sorts: {counted(len(found), 'rule')}", error=True)
    for family, proposal in zip(found, proposals, strict=True):
        name = proposal.rule.id if proposal.rule is not None else harmless(family.lines[0][:60])
        for rule_id in proposal.known:
            say(
                f"{name}: the shipped rule {rule_id} takes these lines already: cleaner rules show {rule_id}",
                error=True,
            )
        for problem in proposal.problems:
            if not (proposal.known and problem.startswith("shadowed:")):
                say(harmless(f"{name}: {problem}"), error=True)
    doubtful = any(proposal.problems or proposal.known for proposal in proposals)
    if any(proposal.rule is None for proposal in proposals):
        say("something is missing; nothing was written" if output else "something is missing", error=True)
    elif output is not None:
        say(f"{counted(len(proposals), 'rule')} added: read it, then: cleaner rules test {output}", error=True)
    else:
        say("loads and passes lint and its own examples" if not doubtful else "loads; see above", error=True)
    if doubtful:
        raise typer.Exit(WOULD_CHANGE)
