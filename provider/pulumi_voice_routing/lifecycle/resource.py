"""What a program writes: a resource whose arguments are checked at the line that gives them."""

from __future__ import annotations

import difflib
import re
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias

import pulumi
from pulumi import dynamic
from pulumi.dynamic.dynamic import serialize_provider

from ..errors import VoiceRoutingError, short_line
from ..text_files import UnreadableText, read_text
from .meaning import Inside
from .model import Failure, FieldFacts, Model, model_of
from .provider import LOOKUP, PROVIDER_KEY, STORED_AS, Lifecycle
from .reaching import offline
from .taking_over import told, without_import

_PACKAGE = str(Path(__file__).parent.parent)

Options: TypeAlias = pulumi.ResourceOptions | None
"""What a program may say of any resource beside its arguments."""


class Resource(dynamic.Resource):
    """A resource of this package. Arguments are keyword arguments, typed and described by its ``<Type>Args``."""

    lifecycle: ClassVar[type[Lifecycle]]
    """The provider of the type."""

    def __init_subclass__(cls, lifecycle: type[Lifecycle], **kwargs: Any) -> None:
        vendor, _, name = lifecycle.token.partition(":")
        super().__init_subclass__(module=vendor, name=name, **kwargs)
        cls.lifecycle = lifecycle

    def __init__(self, resource_name: str, opts: Options = None, **args: Any) -> None:
        """Declare it. ``resource_name`` is its name in the stack; the arguments are those of its ``<Type>Args``."""
        self._declare(resource_name, args, opts)

    def _declare(self, resource_name: str, args: Mapping[str, Any], opts: Options) -> None:
        """The one thing that a type's ``__init__`` does.

        The SDK's own ``__init__`` for dynamic resources is passed by: the place that it tells the engine to have made a
        resource is the caller of the third ``__init__`` from within, and that is to be the user's line.
        """
        provider = self.lifecycle()
        what = f"{provider.vendor}.{type(self).__name__} {resource_name!r}"
        try:
            args, opts = without_import(what, provider, args, opts)
            _refuse_misplaced(provider.model, args)
            given = {name: _sent(what, value) for name, value in args.items() if value is not None}
            _raise_at_the_users_line(what, provider, given)
        except RecursionError:
            raise pulumi.RunError(f"{_users_line()}{what}: its arguments are nested too deeply") from None
        except ValueError as error:
            raise pulumi.RunError(f"{_users_line()}{what}: {error}") from None
        _warn_of_unknown(what, provider, opts)
        # What only the vendor tells is an attribute because it is asked for, with nothing.
        props: dict[str, Any] = {name: None for name in type(self).__annotations__ if name not in provider.model}
        for name, value in given.items():
            props[name] = pulumi.Output.secret(value) if provider.model[name].secret else value
        # What a vendor keeps in a form of its own may hold a value that the program has marked secret.
        hidden = pulumi.ResourceOptions(additional_secret_outputs=[STORED_AS])
        props[PROVIDER_KEY] = serialize_provider(provider)
        kind = f"pulumi-python:{self._resource_type_name}"
        with _short_stack_traces():
            pulumi.CustomResource.__init__(self, kind, resource_name, props, pulumi.ResourceOptions.merge(opts, hidden))
        if pulumi.runtime.is_dry_run() and (given.get("adopt") or given.get("adopt_id")):
            told().expect(self.id.is_known, pulumi.Output.all(**given), provider)
        inside = provider.model.meant_by(Inside)
        if pulumi.runtime.is_dry_run() and provider.foresees and inside in given:
            pulumi.Output.all(**{inside: given[inside]}).apply(self._foretell)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # An argument that was not given is an attribute all the same. Made when it is read, and not for each
            # resource: the SDK waits for every output of a program, which takes time by their number squared.
            if name in model_of(self.lifecycle.args):
                return pulumi.Output.from_input(None)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _foretell(self, args: dict[str, Any]) -> None:
        """In a preview: why the run would fail, where a preview may ask. Never fails one."""
        try:
            why = None if offline() else self.lifecycle().foreseen(args)
        except VoiceRoutingError:
            return
        if why is not None:
            pulumi.log.warn(why, resource=self)

    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str], opts: Options = None) -> Self:
        """Look at an object that something else manages; it is never changed or deleted. It must exist.

        Its ``id`` is unknown in every preview, because the engine reads it late: use the look-up functions where the
        id goes into another resource.
        """
        found = cls.__new__(cls)
        props: dict[str, Any] = dict.fromkeys(model_of(cls.lifecycle.args))
        props[LOOKUP] = True
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        dynamic.Resource.__init__(found, cls.lifecycle(), resource_name, props, opts)
        return found


_FRAMES_UP_TO_THE_USER = 7
"""Of the SDK's stack trace: four of its own, two of ours, and the line that makes the resource."""


@contextmanager
def _short_stack_traces() -> Iterator[None]:
    """Have no frames beyond the user's line in the stack trace that the SDK sends along with a resource.

    The engine stores it with each resource, where it is most of the state, and writes the whole state at every step.
    """
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = _FRAMES_UP_TO_THE_USER
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before


def _refuse_misplaced(fields: Mapping[str, FieldFacts], args: Mapping[str, Any], inside: str = "") -> None:
    """Raises ``ValueError`` for a resource of another type than the argument takes, and for the text of an object."""
    for name, value in args.items():
        field = fields.get(name)
        if field is None:
            continue
        rows = value if isinstance(value, list | tuple) else [value]
        for at, one in enumerate(rows):
            path = f"{inside}{name}[{at}]" if rows is value else f"{inside}{name}"
            if isinstance(one, Mapping) and field.rows is not None:
                _refuse_misplaced(field.rows, one, f"{path}.")
            elif isinstance(one, Resource) and field.stands_for and one.lifecycle.token not in field.stands_for:
                takes = " or ".join(sorted(_called(token) for token in field.stands_for))
                raise ValueError(f"{path} takes a {takes}, not a {_called(one.lifecycle.token)}")
            elif isinstance(one, str) and (said := _OBJECT_AS_TEXT.search(one)):
                raise ValueError(
                    f"{path} holds {said[0]!r}, the text that Python makes of an object: give a text of your own, "
                    "or use pulumi.Output.format for what is known later"
                )


_OBJECT_AS_TEXT = re.compile(r"<[\w.]+ object at 0x[0-9a-f]+>|Calling __str__ on an Output\[T\]")


def _called(token: str) -> str:
    return token.replace(":", ".")


def _sent(what: str, value: Any) -> Any:
    """The value with every resource in it replaced by its id, and every file by its text."""
    if isinstance(value, pulumi.CustomResource):
        return value.id
    if isinstance(value, pulumi.FileAsset):
        return _text_of(what, value)
    if isinstance(value, Mapping):
        return {name: _sent(what, item) for name, item in value.items()}
    return [_sent(what, item) for item in value] if isinstance(value, list | tuple) else value


def _text_of(what: str, asset: pulumi.FileAsset) -> str:
    try:
        return read_text(Path(asset.path))
    except (OSError, UnreadableText) as error:
        raise pulumi.RunError(f"{_users_line()}{what}: file {asset.path} cannot be read: {error}") from None


def _raise_at_the_users_line(what: str, provider: Lifecycle, given: Mapping[str, Any]) -> None:
    _, failures = provider.checked(given)
    if failures:
        where = _users_line()
        raise pulumi.RunError("\n".join(f"{where}{what}: {_said(failure)}" for failure in failures))


def _warn_of_unknown(what: str, provider: Lifecycle, opts: Options) -> None:
    """The engine takes any word for an argument that changes are to be ignored of, and ignores nothing then."""
    for path in (opts.ignore_changes or ()) if opts is not None else ():
        if said := why_ignores_nothing(provider.model, path):
            pulumi.log.warn(f"{_users_line()}{what}: ignore_changes names {said}")


def why_ignores_nothing(model: Model, path: str) -> str:
    """What is wrong with a path such as ``destinations[0].percent``; empty when it names something."""
    fields: Model | None = model
    keys = False
    steps = [name or key for name, key in re.findall(r"""([^.\[\]"']+)|\["([^"]*)"\]""", path)]
    for place, name in enumerate(steps):
        if fields is None or name == "*" or name.isdigit() or (not place and name == PROVIDER_KEY):
            continue
        if keys:  # such as the days of a week, before the hours of each
            keys = False
            continue
        if name not in fields:
            near = difflib.get_close_matches(name, list(fields), n=1, cutoff=0.5)
            meant = f"; did you mean {near[0]}?" if near else ""
            of = f"a field of {steps[0]}" if place else "an argument of it"
            return f"{name!r}, which is not {of}, so that nothing is ignored{meant}"
        found = fields[name]
        fields, keys = found.rows, found.has_keys
    return ""


def _said(failure: Failure) -> str:
    return short_line(f"{failure.path}: {failure.reason}" if failure.path else failure.reason)


def _users_line() -> str:
    for frame in reversed(traceback.extract_stack()):
        if not frame.filename.startswith(_PACKAGE):
            return f"{Path(frame.filename).name}:{frame.lineno}: "
    return ""


def _keep_interrupts_quiet() -> None:
    # When a run fails, the language host interrupts the program, and Python would print two tracebacks over the error.
    main = getattr(sys.modules.get("__main__"), "__file__", "") or ""
    if Path(main).name == "pulumi-language-python-exec" and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_DFL)


_keep_interrupts_quiet()
