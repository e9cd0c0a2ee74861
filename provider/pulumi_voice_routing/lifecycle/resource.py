"""What a program writes: a resource whose arguments are checked at the line that gives them."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, Self, TypeAlias, TypeVar, cast

import pulumi
from pulumi import dynamic
from pulumi.dynamic.dynamic import serialize_provider

from .. import say
from ..errors import VoiceRoutingError, short_line
from .declaring import (
    refuse_misplaced,
    refuse_other_options,
    sent,
    short_stack_traces,
    tell_of_declared,
    users_line,
    warn_of_unknown,
)
from .ended_runs import hear_the_end
from .meaning import Inside
from .model import Failure, model_of
from .provider import LOOKUP, PROVIDER_KEY, STORED_AS, Lifecycle
from .reaching import offline
from .taking_over import told, without_import

if TYPE_CHECKING:
    from .fleet_resource import Fleet
    from .fleet_table import Rows

P = ParamSpec("P")
R = TypeVar("R", bound=pulumi.CustomResource)

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
        """Declare it, with its name in the stack, and the arguments of its ``<Type>Args``. A page for each type:
        https://pulumi-voice-routing.github.io/pulumi-voice-routing/docs/reference/
        """  # an editor shows this at every call of a type, as it looks for what an ``__init__`` inherits
        self._declare(resource_name, args, opts)

    def _declare(self, resource_name: str, args: Mapping[str, Any], opts: Options) -> None:
        """The one thing that a type's ``__init__`` does.

        The SDK's own ``__init__`` for dynamic resources is passed by: the place that it tells the engine to have made a
        resource is the caller of the third ``__init__`` from within, and that is to be the user's line.
        """
        provider = self.lifecycle()
        what = f"{provider.vendor}.{type(self).__name__} {resource_name!r}"
        try:
            refuse_other_options(opts)
            args, opts = without_import(what, provider, args, opts)
            refuse_misplaced(provider.model, args)
            given = {name: sent(what, value) for name, value in args.items() if value is not None}
            _raise_at_the_users_line(what, provider, given)
        except RecursionError:
            raise pulumi.RunError(f"{users_line()}{what}: its arguments are nested too deeply") from None
        except ValueError as error:
            raise pulumi.RunError(f"{users_line()}{what}: {error}") from None
        warn_of_unknown(what, provider, opts)
        # What only the vendor tells is an attribute because it is asked for, with nothing.
        props: dict[str, Any] = {name: None for name in type(self).__annotations__ if name not in provider.model}
        for name, value in given.items():
            props[name] = pulumi.Output.secret(value) if provider.model[name].secret else value
        # What a vendor keeps in a form of its own may hold a value that the program has marked secret.
        hidden = pulumi.ResourceOptions(additional_secret_outputs=[STORED_AS])
        props[PROVIDER_KEY] = serialize_provider(provider)
        kind = f"pulumi-python:{self._resource_type_name}"
        hear_the_end()
        with short_stack_traces():
            pulumi.CustomResource.__init__(self, kind, resource_name, props, pulumi.ResourceOptions.merge(opts, hidden))
        tell_of_declared(self, given)
        if pulumi.runtime.is_dry_run() and (given.get("adopt") or given.get("adopt_id")):
            told().expect(self.id.is_known, pulumi.Output.all(**given), provider)
        inside = provider.model.meant_by(Inside)
        if pulumi.runtime.is_dry_run() and provider.foresees and inside in given:
            pulumi.Output.all(**{inside: given[inside]}).apply(self._foretell)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            known = name in model_of(self.lifecycle.args)
            read = self.__dict__.get("_read")
            if read is not None and (known or name in type(self).__annotations__):  # a row of a fleet
                self.__dict__[name] = read(name)
                return self.__dict__[name]
            # An argument that was not given is an attribute all the same. Made when it is read, and not for each
            # resource: the SDK waits for every output of a program, which takes time by their number squared.
            if known:
                return pulumi.Output.from_input(None)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _foretell(self, args: dict[str, Any]) -> None:
        """In a preview: why the run would fail, where a preview may ask. Never fails one."""
        try:
            why = None if offline() else self.lifecycle().foreseen(args)
        except VoiceRoutingError:
            return
        if why is not None and told().is_new(why):
            say.warn(why, self)

    @classmethod  # pyright: ignore[reportArgumentType]  # whose first parameter is a type, which can be called
    def fleet(
        cls: Callable[Concatenate[str, Options, P], R],
        resource_name: str,
        rows: Rows,
        key: str = "name",
        opts: Options = None,
        *args: P.args,
        **shared: P.kwargs,
    ) -> Fleet[R]:
        """Declare many of them as one resource. ``rows`` are dictionaries, or the path of a table (CSV): its columns
        are arguments, and ``key`` is the column that tells rows apart. All other arguments are those of all rows;
        ``"{phone}"`` in a text stands for the row's value in that column, and a column of an argument's own name comes
        first. Each row is checked, adopted, protected and ended as a resource of its own; ``fleet["denver"].id`` is one
        of them. ``opts`` are those of the whole fleet.
        """
        from .fleet_resource import Fleet  # most programs have none

        type_ = cast("type[Any]", cls)
        return Fleet(type_, type_.lifecycle(), resource_name, rows, key, opts, shared)

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
        hear_the_end()
        dynamic.Resource.__init__(found, cls.lifecycle(), resource_name, props, opts)
        return found


def _raise_at_the_users_line(what: str, provider: Lifecycle, given: Mapping[str, Any]) -> None:
    _, failures = provider.checked(given)
    if failures:
        where = users_line()
        raise pulumi.RunError("\n".join(f"{where}{what}: {_said(failure)}" for failure in failures))


def _said(failure: Failure) -> str:
    return short_line(f"{failure.path}: {failure.reason}" if failure.path else failure.reason)


def _keep_interrupts_quiet() -> None:
    # When a run fails, the language host interrupts the program, and Python would print two tracebacks over the error.
    main = getattr(sys.modules.get("__main__"), "__file__", "") or ""
    if Path(main).name == "pulumi-language-python-exec" and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_DFL)


_keep_interrupts_quiet()
