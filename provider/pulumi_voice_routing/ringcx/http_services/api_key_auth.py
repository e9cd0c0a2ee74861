"""An auth configuration that sends an API key."""

from __future__ import annotations

from typing import Annotated, Required, Unpack

from pulumi import Input, Output

from ...lifecycle.fields import Secret, Wire
from ...lifecycle.resource import Options, Resource
from ..client_http_services import API_KEY_AUTHS
from .auth_config import AuthConfigArgs, AuthConfigProvider


class ApiKeyAuthArgs(AuthConfigArgs, total=False):
    """What an API key is."""

    api_key: Required[Annotated[Input[str], Wire("apiKey"), Secret()]]
    """The key. Secret. A new value is a rotation. Vendor: ``apiKey``."""


class ApiKeyAuthProvider(AuthConfigProvider):
    token = "ringcx:ApiKeyAuth"  # noqa: S105
    args = ApiKeyAuthArgs
    noun = "API key"
    calls = API_KEY_AUTHS


class ApiKeyAuth(Resource, lifecycle=ApiKeyAuthProvider):
    """An API key that remote HTTP services sign in with ("external auth configuration").

    A new ``api_key`` is sent in place; nothing else changes. Calls: HT-16 to HT-19, HTb-08
    (``external/authConfigs``). It stays while an active service signs in with it.
    """

    name: Output[str]
    """What administrators see; unique in the account."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[ApiKeyAuthArgs]) -> None:
        self._declare(resource_name, args, opts)
