"""Which files a run takes in, and where each goes.

Paths are files, folders (walked for the formats known by name) and glob patterns. ``-`` is
standard input. Everything that can be known to go wrong is found here, before anything is read.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from cleaner.batch.paths import PathPatterns
from cleaner.formats import FORMATS, Kind, kind_of, packing_of, written_name

STANDARD = "-"
NOTES = ".cleaner-run"
NONE_EXCLUDED = PathPatterns()


class InputError(ValueError):
    """Inputs or outputs that were asked for wrongly: nothing has been read or written."""


@dataclass(frozen=True, slots=True)
class Task:
    """One input and where it goes.

    ``read`` is the path of the input, None for standard input; ``write`` that of the output, None where nothing is
    written to a file. They are strings: there may be a million tasks, and a path takes five times the memory.
    ``name`` is the path relative to the folder that was named, with which an audit finds it again.
    ``written`` is the kind of the output. ``site`` is the site of texts that name none themselves: the
    first folder on the way to the file below the folder that was named, or that folder. ``within`` is the folder
    that was named for outputs, if one was.
    """

    read: str | None
    kind: Kind
    name: str
    written: Kind
    write: str | None = None
    site: str | None = None
    within: Path | None = None

    @property
    def source(self) -> Path | None:
        """The path of the input; None for standard input."""
        return None if self.read is None else Path(self.read)

    @property
    def target(self) -> Path | None:
        """The path of the output; None where nothing is written to a file."""
        return None if self.write is None else Path(self.write)

    @property
    def shown(self) -> str:
        """The input as messages name it."""
        return "<stdin>" if self.read is None else self.read


def size_of(task: Task) -> int:
    """Bytes of an input, as far as they can be known."""
    try:
        return 0 if task.read is None else os.stat(task.read).st_size
    except OSError:
        return 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks of a run, how many other files the folders held, how many were excluded, and where notes are kept.

    ``notes`` is a folder beside the outputs, or None where no files are written.
    """

    tasks: tuple[Task, ...]
    left_out: int = 0
    notes: Path | None = None
    excluded: int = 0


def plan(
    paths: Sequence[str],
    *,
    output: str | None = None,
    in_place: bool = False,
    kind: Kind | None = None,
    exclude: PathPatterns = NONE_EXCLUDED,
    exclude_named: bool = False,
) -> Plan:
    """Find the inputs behind ``paths`` and the target of each.

    One input file gives one output file, unless ``output`` is a folder or ends in a slash;
    anything else mirrors the tree below ``output``. What ``exclude`` holds for is left out of folders and
    glob patterns; files that are named themselves only with ``exclude_named``.

    Raises :class:`InputError`.
    """
    if output is not None and in_place:
        raise InputError("-o and --in-place exclude each other")
    left_out = 0
    tasks: list[Task] = []
    inside = Path(output).resolve() if output not in (None, STANDARD) else None
    for path in _expanded(paths):
        if path == STANDARD:
            here = kind or Kind("txt")
            tasks.append(Task(None, here, STANDARD, here.written))
        elif os.path.isdir(path):
            found, others = _walk(Path(path), kind, inside)
            tasks += found
            left_out += others
        else:
            tasks.append(_file_task(path, kind))
    tasks = _unique(tasks)
    kept = _without_excluded(tasks, exclude, () if exclude_named else paths)
    excluded, tasks = len(tasks) - len(kept), kept
    if in_place:
        tasks, pages = _in_place(tasks, explicit={os.path.normpath(path) for path in paths})
        left_out += pages
    elif output not in (None, STANDARD):
        tasks = _with_targets(tasks, str(output), single=len(paths) == 1 and not os.path.isdir(paths[0]))
    return Plan(tuple(tasks), left_out, _notes(paths, tasks, output, in_place=in_place), excluded)


def _without_excluded(tasks: Sequence[Task], exclude: PathPatterns, named: Iterable[str]) -> list[Task]:
    spared = {os.path.normpath(path) for path in named}
    return [
        task
        for task in tasks
        if task.source is None or os.path.normpath(task.source) in spared or not exclude.match(task.source)
    ]


def _notes(paths: Sequence[str], tasks: Sequence[Task], output: str | None, *, in_place: bool) -> Path | None:
    """A folder that no run takes for an input, on the same disk as the outputs."""
    if in_place and tasks:
        first = Path(next(path for path in _expanded(paths)))
        return (first if first.is_dir() else first.parent) / NOTES
    if output in (None, STANDARD):
        return None
    if any(task.within is not None for task in tasks):
        return Path(str(output)) / NOTES
    target = Path(os.path.realpath(str(output)))
    return target.with_name(f".{target.name[:50]}{NOTES}")


def _expanded(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        if path == STANDARD or os.path.lexists(path) or not glob.has_magic(path):
            yield path
            continue
        found = sorted(glob.glob(path, recursive=True))
        if not found:
            raise InputError(f"{path}: no file matches the pattern")
        yield from found


def _file_task(path: str, kind: Kind | None) -> Task:
    chosen = _kind_of(PurePath(path), kind)
    if chosen is None:
        inner = kind_of(PurePath(path).with_suffix("")) if packing_of(PurePath(path)) else None
        if inner is not None:
            raise InputError(f"{path}: {inner} is packed inside and cannot be read so: unpack it first")
        raise InputError(f"{path}: the name tells no format; name one with --format ({', '.join(FORMATS)})")
    return Task(
        str(Path(path)), chosen, PurePath(path).name, chosen.written, site=Path(os.path.abspath(path)).parent.name
    )


def _kind_of(path: PurePath, named: Kind | None) -> Kind | None:
    """What the user named, else what the name tells; what a file is packed with is told by either."""
    if named is None or named.packing or named.format == "parquet":
        return named or kind_of(path)
    return Kind(named.format, packing_of(path))


def _walk(folder: Path, kind: Kind | None, output: Path | None) -> tuple[list[Task], int]:
    """The documents below a folder, sorted by path; folders that begin with a dot are passed over."""
    tasks: list[Task] = []
    others = 0
    own_name = Path(os.path.abspath(folder)).name
    for root, folders, names in os.walk(folder, onerror=_unreadable):
        here = Path(root)
        folders[:] = sorted(f for f in folders if not f.startswith(".") and (here / f).resolve() != output)
        below = here.relative_to(folder)
        # One string for all files of a folder.
        site = below.parts[0] if below.parts else own_name
        for name in sorted(names):
            found = _kind_of(PurePath(name), kind) if kind_of(PurePath(name)) else None
            if found is None or name.startswith("."):
                others += 1
            else:
                tasks.append(Task(str(here / name), found, (below / name).as_posix(), found.written, site=site))
    return tasks, others


def _unreadable(error: OSError) -> None:
    raise InputError(f"{error.filename}: folder cannot be read: {error.strerror}")


def _unique(tasks: Iterable[Task]) -> list[Task]:
    """Each file once, though several paths may lead to it."""
    seen: dict[str, Task] = {}
    for task in tasks:
        seen.setdefault(STANDARD if task.read is None else os.path.abspath(task.read), task)
    return list(seen.values())


def _in_place(tasks: Sequence[Task], explicit: set[str]) -> tuple[list[Task], int]:
    kept = []
    pages = 0
    for task in tasks:
        if task.read is None:
            raise InputError("standard input cannot be written in place")
        if not task.kind.is_extracted:
            kept.append(replace(task, name=Path(task.read).as_posix(), written=task.kind, write=task.read))
        elif os.path.normpath(task.read) in explicit:
            what = "a page" if task.kind.format == "html" else "an archive of pages"
            raise InputError(f"{task.read}: {what} is never written in place; use -o")
        else:
            pages += 1
    return kept, pages


def _with_targets(tasks: Sequence[Task], output: str, *, single: bool) -> list[Task]:
    names_folder = output.endswith(("/", os.sep)) or os.path.isdir(output)
    if single and len(tasks) == 1 and not names_folder:
        return [_packed_as_named(_aimed(tasks[0], Path(output), Path(output).name))]
    if os.path.lexists(output) and not os.path.isdir(output):
        raise InputError(f"{output}: is a file, and there are several inputs; name a folder")
    aimed: dict[str, Task] = {}
    folder = Path(output)
    for task in tasks:
        name = _output_name(task)
        done = replace(_aimed(task, folder / name, name), within=folder)
        clash = aimed.setdefault(name, done)
        if clash is not done:
            raise InputError(f"{clash.shown} and {task.shown} would both be written to {folder / name}")
    return list(aimed.values())


def _output_name(task: Task) -> str:
    if task.read is None:
        return f"stdin.{task.written}"
    return written_name(PurePath(task.name), task.kind).as_posix()


def _is_same(one: str, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _aimed(task: Task, target: Path, name: str) -> Task:
    # To follow links takes longer than anything else here; a file that is not there is no input.
    if task.read is not None and os.path.lexists(target) and _is_same(task.read, target):
        raise InputError(f"{task.read}: the output would overwrite the input; use --in-place if that is meant")
    return replace(task, name=name, write=str(target))


def _packed_as_named(task: Task) -> Task:
    """A file that is named is packed as its name tells: the next reader believes the name."""
    named = kind_of(PurePath(task.name))
    if named is None:
        return task
    known = None if task.source is None else kind_of(PurePath(task.source.name))
    alike = {named.format, task.written.format} <= {"txt", "md"} or named.format == task.written.format
    # A name that told the wrong format of the input may tell it of the output as well.
    if not alike and (known is None or known.written.format != named.format):
        raise InputError(f"{task.target}: {task.kind} comes out as {task.written}, which this name does not tell")
    return replace(task, written=replace(task.written, packing=named.packing))
