"""What every command of the tool has: ``--verbose`` and ``--quiet``, and one line for whatever is wrong."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from ..errors import VoiceRoutingError
from . import terminal
from .printing import tell

_WRONG: type[Exception] = next(one for one in typer.BadParameter.__mro__ if one.__name__ == "UsageError")
"""What the command line library raises for options that cannot be right; its own place has moved between versions."""
_FORMS_FOR_PROGRAMS = ("json", "sarif")


def _misread(error: Exception, context: str, code: int) -> typer.Exit:
    """What is wrong with the words of a command line, in one line; the help is no such thing."""
    if type(error).__name__ == "NoArgsIsHelpError":
        raise error
    what = " ".join(str(getattr(error, "format_message", error.__str__)()).split())
    tell(VoiceRoutingError(f"{what.rstrip('.')}; see {context} --help"))
    return typer.Exit(code)


def _path(name: str | None, parent: Any) -> str:
    words = [str(name).removeprefix("voice-routing").strip()] if parent is not None or name else []
    while parent is not None and parent.parent is not None:
        words.insert(0, str(parent.info_name))
        parent = parent.parent
    return " ".join(["voice-routing", *filter(None, words)])


class Command(TyperCommand):
    """A command. Its exit codes are 1 for what fails and 2 for words that it cannot read; see :func:`ending`."""

    fails, misread = 1, 2

    def __init__(self, *args: Any, params: list[Any] | None = None, **extra: Any) -> None:
        super().__init__(*args, params=[*(params or ()), *_common()], **extra)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Read the words; what is wrong with them is one line."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except _WRONG as error:
            raise _misread(error, _path(info_name, parent), self.misread) from None

    def invoke(self, ctx: Any) -> Any:
        """Run it. Where 1 and 2 say something about what was found, whatever fails has a code of its own."""
        form = str(ctx.params.get("format") or "")
        terminal.speak_to_a_program(bool(ctx.params.get("json_")) or form in _FORMS_FOR_PROGRAMS)
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise typer.Exit(self.fails) from None  # whoever reads has seen enough
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            tell(VoiceRoutingError(f"{where}{error.strerror or error}"))
            raise typer.Exit(self.fails) from None
        except VoiceRoutingError as error:
            if self.fails == 1:
                raise
            tell(error)
            raise typer.Exit(self.fails) from None


def ending(code: int) -> type[Command]:
    """A command whose exit code is this one when it fails, and when it cannot read its words."""
    return type("Command", (Command,), {"fails": code, "misread": code})


class Group(TyperGroup):
    """Commands below one name; a word that is none of them is one line."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Read the words before the command's own."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except _WRONG as error:
            raise _misread(error, _path(info_name if parent else None, parent), 2) from None

    def invoke(self, ctx: Any) -> Any:
        """Find the command, and run it."""
        try:
            return super().invoke(ctx)
        except _WRONG as error:
            raise _misread(error, _path(ctx.info_name if ctx.parent else None, ctx.parent), 2) from None


def _louder(value: bool) -> None:
    terminal.say_more(verbose=value)


def _quieter(value: bool) -> None:
    terminal.say_more(quiet=value)


def _manners(
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", "-v", callback=_louder, expose_value=False, help="Say every step of what takes long."
        ),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet", "-q", callback=_quieter, expose_value=False, help="Say nothing but results and errors."
        ),
    ] = False,
) -> None:
    """The options of all commands."""


@cache
def _common() -> list[Any]:
    """As the command line library has them."""
    app = typer.Typer(add_completion=False)
    app.command()(_manners)
    return [*typer.main.get_command(app).params]


__all__ = ["Command", "Group", "ending"]
