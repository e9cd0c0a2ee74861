"""How a program says that an object exists already, and what a preview tells of the objects that it takes over.

``ResourceOptions(import_=ID)`` is the engine's own word for that. The engine would ask the SDK's provider to read the
object before that knows which type it is, which ends in a traceback. So the option means ``adopt_id`` here.
"""

from __future__ import annotations

import weakref
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pulumi
from pulumi.runtime import settings as engine

from .. import say
from ..errors import VoiceRoutingError
from . import references
from .provider import Lifecycle
from .reaching import offline

_ID, _BY_NAME = "adopt_id", "adopt"


def without_import(
    what: str, provider: Lifecycle, args: Mapping[str, Any], opts: pulumi.ResourceOptions | None
) -> tuple[dict[str, Any], pulumi.ResourceOptions | None]:
    """The arguments and options of a resource with ``import_`` said as the argument that it means.

    Raises ``ValueError`` with the reason where the type cannot take that.
    """
    id_ = None if opts is None else opts.import_
    if opts is None or id_ is None:
        return dict(args), opts
    rest = pulumi.ResourceOptions.merge(None, opts)
    rest.import_ = None
    if _ID in provider.model:
        if args.get(_ID) not in (None, id_):
            raise ValueError(f"import_ is {id_!r}, and {_ID} is {args[_ID]!r}; give one of them")
        return {**args, _ID: id_}, rest
    own = provider.own_id(args)
    if own is not None:
        if own not in ("", references.last(id_)):
            raise ValueError(f"import_ is {id_!r}, but the id of what is declared here ends with {own!r}")
        return dict(args), rest
    if _BY_NAME not in provider.model:
        raise ValueError("import_ has no meaning here: the type takes over what is there without it; leave it out")
    owner = args.get(getattr(provider, "parent", ""))
    if isinstance(owner, str) and not references.same(owner, id_):
        raise ValueError(f"import_ is {id_!r}, but what is declared here has the id of its owner, {owner!r}")
    return {**args, _BY_NAME: True}, rest


class Told:
    """What a preview finds that it takes over, told in one line when the last resource has been looked at."""

    def __init__(self) -> None:
        self._waiting = 0
        self._found: list[str] = []
        self._said: set[str] = set()

    def is_new(self, text: str) -> bool:
        """Whether nothing in this run has said it yet: what is true of an extension is true of all its rules."""
        new = text not in self._said
        self._said.add(text)
        return new

    def expect(self, known: Callable[[], Awaitable[bool]], given: pulumi.Output[Any], provider: Lifecycle) -> None:
        """Look for the object of a resource, unless the state has it already."""
        self._waiting += 1
        looking: Any = self._look(known, given, provider)
        pulumi.Output.from_input(looking)  # which the program waits for

    async def _look(self, known: Callable[[], Awaitable[bool]], given: pulumi.Output[Any], provider: Lifecycle) -> bool:
        try:
            if offline() or await known() or not await given.is_known():
                return False
            found = provider.adoptable(await given.future() or {})
            if found is not None:
                self._found.append(found)
            return found is not None
        except VoiceRoutingError:
            return False  # a preview may run where the vendor cannot be asked; the run itself will tell
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._tell()

    def _tell(self) -> None:
        found, self._found = sorted(self._found), []
        if found:
            changes = [one for one in found if not one.endswith(AS_IT_IS)]
            as_they_are = f"{len(found) - len(changes)} as they are"
            said = f"{as_they_are}, {len(changes)} with changes" if changes else as_they_are
            objects = "object that exists is" if len(found) == 1 else "objects that exist are"
            say.info("\n  ".join([f"adopt: {len(found)} {objects} taken over: {said}", *changes]))


AS_IT_IS = " as it is"
"""The end of what is said of an object that is taken over without a change."""

_told: weakref.WeakKeyDictionary[Any, Told] = weakref.WeakKeyDictionary()


def told() -> Told:
    """What this run of the program tells."""
    return _told.setdefault(engine.get_monitor(), Told())


__all__ = ["AS_IT_IS", "Told", "told", "without_import"]
