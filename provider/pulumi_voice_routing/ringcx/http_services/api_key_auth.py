"""An auth configuration that sends an API key."""

from __future__ import annotations

from typing import Annotated, Required

import pulumi
from pulumi import Input
from typing_extensions import Unpack

from ...client.listings import Json
from ...lifecycle.fields import Secret, Wire
from ...lifecycle.resource import Resource
from .auth_config import AuthConfigArgs, AuthConfigProvider


class ApiKeyAuthArgs(AuthConfigArgs, total=False):
    """What an API key is."""

    api_key: Required[Annotated[Input[str], Wire("apiKey"), Secret()]]
    """The key. Secret. Another one is a rotation. Vendor: ``apiKey``."""


class ApiKeyAuthProvider(AuthConfigProvider):
    token = "ringcx:ApiKeyAuth"  # noqa: S105
    args = ApiKeyAuthArgs
    noun = "API key"
    auth_type = "APIKEY"

    def post_as(self, id_: str, body: Json) -> Json | None:
        return self.api.create_api_key_auth(id_, body)

    def patch(self, id_: str, body: Json) -> None:
        self.api.update_api_key_auth(id_, body)


class ApiKeyAuth(Resource, module="ringcx", name="ApiKeyAuth"):
    """An API key that remote HTTP services sign in with ("external auth configuration").

    Another ``api_key`` is sent in place, and nothing else is touched. Calls: HT-16 to HT-19, HTb-08
    (``external/authConfigs``). It stays while an active service signs in with it.
    """

    lifecycle = ApiKeyAuthProvider
    name: pulumi.Output[str]

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: Unpack[ApiKeyAuthArgs]
    ) -> None:
        self._declare(resource_name, args, opts)
