"""The notes of a run: how far it is, so that another can go on where it was stopped or killed.

All is in one folder beside the outputs, which is gone when the run is done: ``state.json`` says what is
done, and how long the files that are written bit by bit were then; what is longer was written by
somebody who was killed, and is cut off. The state is replaced as a whole, before the outputs that it
speaks of are put in their places, and puts them there once more when a run goes on. A lock, which ends
with its process, tells the notes of a run that is at work from those of one that was stopped.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Set
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from cleaner.batch.inputs import InputError
from cleaner.batch.lock import held
from cleaner.batch.report import Report
from cleaner.batch.run import Stamp, is_no_room, settle
from cleaner.batch.shards import Place
from cleaner.formats import Part

_STATE, _NEXT, _LOCK = "state.json", "state.next", "lock"
_FORMAT = 1


@dataclass(slots=True)
class State:
    """How far a run is.

    ``lengths`` are those of the files in the folder that the run writes bit by bit, by name; ``whole`` is
    what they were before the input that is divided and not done yet, and ``open`` what is reported of
    its parts. ``moves`` are outputs to put in their places.
    """

    place: Place = field(default_factory=Place)
    lengths: dict[str, int] = field(default_factory=dict)
    whole: dict[str, int] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    open: Report | None = None
    moves: list[tuple[Path, Path]] = field(default_factory=list)
    runs: int = 1
    is_over: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The state for a file."""
        return {
            "task": self.place.task,
            "part": None if self.place.part is None else asdict(self.place.part),
            "stamp": None if self.place.stamp is None else asdict(self.place.stamp),
            "lengths": self.lengths,
            "whole": self.whole,
            "report": self.report.as_state(),
            "open": None if self.open is None else self.open.as_state(),
            "moves": [[str(made), str(target)] for made, target in self.moves],
            "runs": self.runs,
            "is_over": self.is_over,
        }

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> State:
        """The state that a file holds."""
        part, stamp = told["part"], told["stamp"]
        place = Place(told["task"], Part(**part) if part else None, Stamp(**stamp) if stamp else None)
        return cls(
            place,
            told["lengths"],
            told["whole"],
            Report.of_state(told["report"]),
            Report.of_state(told["open"]) if told["open"] else None,
            [(Path(made), Path(target)) for made, target in told["moves"]],
            told["runs"],
            told["is_over"],
        )


class Journal:
    """The folder of a run. ``options`` are what decides the bytes that the run writes."""

    def __init__(self, folder: Path, options: Mapping[str, Any]) -> None:
        self.folder = folder
        self._options = json.loads(json.dumps(options))
        self._lock: BinaryIO | None = None

    @property
    def is_there(self) -> bool:
        """Whether a run was begun here and is not done."""
        return self.folder.exists()

    def begin(self, report: Report) -> State:
        """A new run. Raises ``OSError``, and :class:`InputError` where one was begun and is not done."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._hold()
        if any(path.name != _LOCK for path in self.folder.iterdir()):
            raise InputError(
                f"{self.folder}: notes of a run that is not done: go on with --resume, or delete them to begin anew"
            )
        return State(report=report)

    def _hold(self) -> None:
        """Have the folder for this run alone. Raises :class:`InputError` where another is at work."""
        if self._lock is not None:
            return
        self._lock = held(self.folder / _LOCK)
        if self._lock is None:
            raise InputError(
                f"{self.folder}: another run is at work on the same output: wait until it is done, or stop it"
            )

    def let_go(self) -> None:
        """Have the folder no longer."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def resume(self) -> State | None:
        """The state of the run that was begun here; None where it had come to nothing yet.

        Raises :class:`InputError` where it was begun with other rules or options, or is at work.
        """
        self._hold()
        try:
            told = json.loads((self.folder / _STATE).read_text(encoding="ascii"))
        except FileNotFoundError:
            self._keep({_LOCK})
            return None
        except ValueError:
            raise InputError(f"{self.folder}: notes that cannot be read: delete them to begin anew") from None
        self._refuse_others(told)
        state = State.of(told["state"])
        self._cut(state)
        state.runs += 1
        return state

    def _refuse_others(self, told: Mapping[str, Any]) -> None:
        if told["format"] != _FORMAT:
            raise InputError(f"{self.folder}: notes of another version: delete them to begin anew")
        before: dict[str, Any] = told["options"]
        for name, value in self._options.items():
            if before.get(name) != value:
                had = f"{name} {before.get(name)!r}, not {value!r}" if name in _SHOWN else f"other {name}"
                raise InputError(
                    f"--resume: the run that is not done had {had}: go on with the same, or delete "
                    f"{self.folder} to begin anew"
                )

    def _cut(self, state: State) -> None:
        """Leave of the files what the state knows of."""
        self._keep({_STATE, _LOCK, *(made.name for made, _ in state.moves), *state.lengths})
        for name, length in state.lengths.items():
            path = self.folder / name
            if length and (not path.exists() or path.stat().st_size < length):
                raise InputError(f"{path}: shorter than the notes say: delete {self.folder} to begin anew")
            if path.exists():
                os.truncate(path, length)

    def _keep(self, names: Set[str]) -> None:
        for path in self.folder.iterdir():
            if path.name not in names:
                path.unlink()

    def save(self, state: State) -> None:
        """Write the state, whole or not at all."""
        told = {"format": _FORMAT, "options": self._options, "state": state.as_dict()}
        path = self.folder / _NEXT
        path.write_text(json.dumps(told), encoding="ascii")
        path.replace(self.folder / _STATE)

    def move(self, state: State) -> list[tuple[Path, Path, OSError]]:
        """Put outputs in their places, those that are not there yet; returns those that could not be, which stay."""
        refused = []
        for made, target in state.moves:
            try:
                if made.exists():
                    put(made, target)
            except OSError as error:
                if is_no_room(error):
                    raise
                refused.append((made, target, error))
        return refused

    def end(self) -> None:
        """The run is done: nothing is left of the notes."""
        self.let_go()
        shutil.rmtree(self.folder)

    def forget_if_empty(self) -> None:
        """Leave no notes of a run that came to nothing."""
        if not (self.folder / _STATE).exists():
            with suppress(OSError):
                shutil.rmtree(self.folder)


# What is shown of an option that differs; of others it is said that they do.
_SHOWN = frozenset(
    {"field", "html_field", "site_field", "encoding", "lang", "max_removed", "audit", "failures", "version"}
)


def put(made: Path, target: Path) -> None:
    """Put a file in its place; links stay links, and other disks are no hindrance."""
    target = Path(os.path.realpath(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        settle(made, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f".{target.name[:50]}.{made.name}.tmp")
        try:
            shutil.copyfile(made, beside)
            settle(beside, target)
        finally:
            beside.unlink(missing_ok=True)
        made.unlink()


def digest_of(names: Iterable[str]) -> str:
    """One digest of many names."""
    found = hashlib.sha256()
    for name in names:
        found.update(name.encode("utf-8", "surrogatepass") + b"\0")
    return found.hexdigest()
