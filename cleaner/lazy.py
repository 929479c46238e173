"""Names of a package that are imported when they are first asked for.

A command starts in the time that its imports take; of a package with a dozen modules it mostly needs two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def names_from(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """A ``__getattr__`` for a package (PEP 562): each name, by the module of the package that has it.

    The import that type checkers and readers see stands beside it, under ``if TYPE_CHECKING``; a test compares both.

    >>> names_from("json", {"JSONDecoder": "decoder"})("JSONDecoder").__name__
    'JSONDecoder'
    """

    def found(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return found
