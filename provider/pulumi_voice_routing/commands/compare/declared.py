"""What a program declares, without an engine and without a vendor: its resources are noted and not made.

Run as a module in the program's folder; prints a list as JSON, with the members of a :class:`Resource`. Ids are made
up as the vendors make theirs, so that links between resources can be followed.
"""

from __future__ import annotations

import itertools
import json
import os
import runpy
import sys
import threading
import traceback
from collections.abc import Mapping
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import settings as engine

from ...lifecycle import meaning as means
from ...lifecycle.fleet_rows import IDS, ROWS, row_name
from ...plan.facts import token_of
from ...plan.fleets import is_fleet, member_of
from ...plan.roles import roles_of

ACCOUNT = "0"


class Noted(pulumi.runtime.Mocks):
    """Stands in for the engine, and notes what is registered."""

    def __init__(self) -> None:
        self.resources: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)
        self.asked = threading.local()
        """``request`` is what the SDK sends of the resource that is noted."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        token, inputs = token_of(args.typ), dict(args.inputs)
        if token is None or args.resource_id:
            return args.resource_id or args.name, inputs
        props = {name: value for name, value in inputs.items() if not name.startswith("__")}
        if is_fleet(token):
            # A secret inside of them makes them one secret in the arguments, and is told by itself in the request.
            member, rows = member_of(token), MessageToDict(self.asked.request.object)[ROWS]
            ids = {key: self._note(member, row_name(args.name, key), row) for key, row in rows.items()}
            return args.name, {**inputs, IDS: ids}
        return self._note(token, args.name, props), inputs

    def _note(self, token: str, name: str, props: Mapping[str, Any]) -> str:
        id_ = self._id(token, props)
        self.resources.append({"type": token, "name": name, "urn": f"{token}::{name}", "id": id_, "props": props})
        return id_

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], None]:
        return {}, None

    def _id(self, token: str, props: Mapping[str, Any]) -> str:
        roles = roles_of(token)
        inside = next(iter(roles.places(means.Inside)), None)
        if roles.dialled is not None and roles.dialled.mark.in_id:
            return f"{ACCOUNT}/{str(roles.dialled.of(props)).lstrip('+')}"
        owner = props.get(inside.field) if inside is not None else None
        if isinstance(owner, str) and roles.key is None:
            return owner  # the one set of what it belongs to
        return f"{owner if isinstance(owner, str) else ACCOUNT}/{next(self._numbers)}"


def _secret(self: pulumi.Config, key: str) -> pulumi.Output[str]:
    return pulumi.Output.secret(self.get(key) or "a secret that no comparison looks at")


def _keep_requests(noted: Noted) -> None:
    monitor: Any = engine.get_monitor()
    register = monitor.RegisterResource

    def registered(request: Any) -> Any:
        noted.asked.request = request
        return register(request)

    monitor.RegisterResource = registered


def main() -> None:
    """Run the program in this folder, and print what it declares."""
    out, sys.stdout = sys.stdout, sys.stderr  # what the program prints is not the answer
    noted = Noted()
    pulumi.runtime.set_mocks(noted, project="compared", stack="compared", preview=False)
    _keep_requests(noted)
    pulumi.Config.require_secret = _secret  # type: ignore[method-assign]
    sys.path.insert(0, os.getcwd())

    async def program() -> None:
        try:
            runpy.run_path("__main__.py", run_name="__main__")
        except Exception:
            traceback.print_exc()  # the SDK forgets at which line it was
            raise

    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]
    json.dump(noted.resources, out)


if __name__ == "__main__":
    main()
