"""An auth configuration that sends a user name and a password."""

from __future__ import annotations

from typing import Annotated, Required

import pulumi
from pulumi import Input
from typing_extensions import Unpack

from ...client.listings import Json
from ...lifecycle.fields import Name, Secret, Wire
from ...lifecycle.resource import Resource
from .auth_config import AuthConfigArgs, AuthConfigProvider


class BasicAuthArgs(AuthConfigArgs, total=False):
    """What a user name with a password is."""

    username: Required[Annotated[Input[Name], Wire("username")]]
    """The user."""
    password: Required[Annotated[Input[str], Wire("password"), Secret()]]
    """The password. Secret. Another one is a rotation."""


class BasicAuthProvider(AuthConfigProvider):
    token = "ringcx:BasicAuth"  # noqa: S105
    args = BasicAuthArgs
    noun = "basic auth config"
    auth_type = "BASIC"

    def post_as(self, id_: str, body: Json) -> Json | None:
        return self.api.create_basic_auth(id_, body)

    def patch(self, id_: str, body: Json) -> None:
        self.api.update_basic_auth(id_, body)


class BasicAuth(Resource, module="ringcx", name="BasicAuth"):
    """A user name and a password that remote HTTP services sign in with ("external auth configuration").

    Another ``password`` is sent in place, and nothing else is touched. Calls: HT-16 to HT-18, HT-20, HTb-09
    (``external/authConfigs``). It stays while an active service signs in with it.
    """

    lifecycle = BasicAuthProvider
    name: pulumi.Output[str]
    username: pulumi.Output[str]

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: Unpack[BasicAuthArgs]
    ) -> None:
        self._declare(resource_name, args, opts)
