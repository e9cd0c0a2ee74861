"""An auth configuration that sends a user name and a password."""

from __future__ import annotations

from typing import Annotated, Required, Unpack

from pulumi import Input, Output

from ...lifecycle.fields import Name, Secret, Wire
from ...lifecycle.resource import Options, Resource
from ..client_http_services import BASIC_AUTHS
from .auth_config import AuthConfigArgs, AuthConfigProvider


class BasicAuthArgs(AuthConfigArgs, total=False):
    """What a user name with a password is."""

    username: Required[Annotated[Input[Name], Wire("username")]]
    """The user."""
    password: Required[Annotated[Input[str], Wire("password"), Secret()]]
    """The password. Secret. A new value is a rotation."""


class BasicAuthProvider(AuthConfigProvider):
    token = "ringcx:BasicAuth"  # noqa: S105
    args = BasicAuthArgs
    noun = "basic auth config"
    calls = BASIC_AUTHS


class BasicAuth(Resource, lifecycle=BasicAuthProvider):
    """A user name and a password that remote HTTP services sign in with ("external auth configuration").

    A new ``password`` is sent in place; nothing else changes. Calls: HT-16 to HT-18, HT-20, HTb-09
    (``external/authConfigs``). It stays while an active service signs in with it.
    """

    name: Output[str]
    """What administrators see; unique in the account."""
    username: Output[str]
    """The user."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[BasicAuthArgs]) -> None:
        self._declare(resource_name, args, opts)
