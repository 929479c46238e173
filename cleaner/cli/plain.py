"""Commands whose words are left as they are: typer's own, without what it does to values that need nothing done.

Newer versions of typer turn each value to its type by pydantic, and a command waits for that to be loaded as long
as for typer itself, if only to turn strings to strings. Here what is of its type already is passed on, and only the
rest is left to typer. Older versions know no such step, and nothing is changed in them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup


class PlainCommand(TyperCommand):
    """A command that starts faster."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _plain(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """The same for a group of commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _plain(super().get_params(ctx))


def command_app(**options: Any) -> typer.Typer:
    """What a module registers its command with, or its commands."""
    given: dict[str, Any] = {
        "cls": PlainGroup,
        "add_completion": False,
        "pretty_exceptions_enable": False,
        "rich_markup_mode": None,
    }
    return typer.Typer(**(given | options))


def _plain(params: list[Any]) -> list[Any]:
    for param in params:
        known = getattr(param, "get_runtime_param", None)
        if hasattr(param, "type_descriptor") and known is not None and not isinstance(known, _Values):
            param.get_runtime_param = _Values(param.type_descriptor.annotation, known)
    return params


class _Values:
    """What stands where typer asks how to turn a value to its type."""

    def __init__(self, wanted: Any, known: Callable[[], Any]) -> None:
        self._wanted = wanted
        self._known = known

    def __call__(self) -> _Values:
        return self

    def coerce(self, value: Any, *, param: Any, ctx: Any) -> Any:
        """The value, of its type."""
        is_list = get_origin(self._wanted) is list
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if is_list and isinstance(value, (list, tuple)) and {type(one) for one in value} <= {*get_args(self._wanted)}:
            return list(value)
        return value if type(value) is self._wanted else self._known().coerce(value, param=param, ctx=ctx)
