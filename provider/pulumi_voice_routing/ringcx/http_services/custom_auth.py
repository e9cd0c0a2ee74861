"""An auth configuration by a function of your own account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.fields import Secret, Text, Url, Wire
from ...lifecycle.resource import Options, Resource
from ..client_http_services import CUSTOM_AUTHS
from .auth_config import AuthConfigArgs, AuthConfigProvider


class CustomAuthArgs(AuthConfigArgs, total=False):
    """What custom authentication is. The vendor never shows any of these fields, so that drift in them stays unseen."""

    allowed_base_url: Annotated[Input[Url], Wire("allowedBaseUrl"), means.Aside()]
    """What every address that may use it starts with. Vendor: ``allowedBaseUrl``."""
    function_id: Annotated[Input[Text], Wire("wcgFunctionId"), means.Aside(), means.Elsewhere("function")]
    """The function that signs requests. Vendor: ``wcgFunctionId``."""
    input_params: Annotated[Input[Sequence[dict[str, Input[str]]]], Wire("inputParams"), Secret()]
    """What the function is given, as the vendor's objects. Secret as a whole. Vendor: ``inputParams``."""


class CustomAuthProvider(AuthConfigProvider):
    token = "ringcx:CustomAuth"  # noqa: S105
    args = CustomAuthArgs
    noun = "custom auth config"
    calls = CUSTOM_AUTHS


class CustomAuth(Resource, lifecycle=CustomAuthProvider):
    """Authentication of remote HTTP services by a function of your own account ("external auth configuration").

    Calls: HT-16 to HT-18, HTb-07, HTb-12 (``external/authConfigs``). It stays while an active service signs in with it.
    """

    name: Output[str]
    """What administrators see; unique in the account."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[CustomAuthArgs]) -> None:
        self._declare(resource_name, args, opts)
