"""An auth configuration that signs a token of its own."""

from __future__ import annotations

from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.fields import Code, Secret, Text, Wire
from ...lifecycle.resource import Options, Resource
from ..client_http_services import JWT_AUTHS
from .auth_config import AuthConfigArgs
from .signed_token import SignedToken


class JwtAuthArgs(AuthConfigArgs, total=False):
    """What a signed token is."""

    algorithm: Required[Annotated[Input[Code], Wire("algorithm"), means.Aside()]]
    """How it is signed, such as ``HS256`` or ``RS256``; the vendor's words are not documented."""
    payload: Required[Annotated[Input[Text], Wire("payload"), means.Aside()]]
    """What it says, as JSON text; spacing and order do not matter."""
    add_token_to: Required[
        Annotated[Input[Literal["REQUEST_HEADER", "QUERY_PARAM"]], Wire("addTokenTo"), means.Aside()]
    ]
    """Where it goes; ``QUERY_PARAM`` needs ``query_param_name``. Vendor: ``addTokenTo``."""
    secret: Annotated[Input[str], Wire("secret"), Secret()]
    """What it is signed with, for the algorithms that share a secret. Secret. A new value is a rotation."""
    private_key: Annotated[Input[str], Wire("privateKey"), Secret()]
    """What it is signed with, for the others. Secret. A new value is a rotation. Vendor: ``privateKey``."""
    header_prefix: Annotated[Input[Text], Wire("headerPrefix"), means.Aside()]
    """What stands before it in the header, such as ``Bearer``. Vendor: ``headerPrefix``."""
    query_param_name: Annotated[Input[Text], Wire("queryParamName"), means.Aside()]
    """The parameter that holds it. Vendor: ``queryParamName``."""
    headers: Annotated[Input[Text], Wire("jwtHeaders"), means.Aside()]
    """Further headers of the token, as JSON text; spacing and order do not matter. Vendor: ``jwtHeaders``."""
    expiration_time: Annotated[Input[int], Wire("expirationTime"), means.Aside()]
    """How long it is good. The vendor does not name the unit. Vendor: ``expirationTime``."""
    include_issued_at: Annotated[Input[bool], Wire("isIncludeIssueAt"), means.Aside()]
    """Whether it says when it was made. Vendor: ``isIncludeIssueAt``."""
    secret_encoded: Annotated[Input[bool], Wire("isSecretEncoded"), means.Aside()]
    """Whether ``secret`` is encoded. Vendor: ``isSecretEncoded``."""


class JwtAuthProvider(SignedToken):
    token = "ringcx:JwtAuth"  # noqa: S105
    args = JwtAuthArgs
    noun = "JWT auth config"
    calls = JWT_AUTHS


class JwtAuth(Resource, lifecycle=JwtAuthProvider):
    """A token that the vendor signs for each call of a remote HTTP service ("external auth configuration").

    A new ``secret`` or ``private_key`` is sent in place; nothing else changes. Calls: HT-16 to HT-18, HTb-06,
    HTb-11 (``external/authConfigs``). It stays while an active service signs in with it.
    """

    name: Output[str]
    """What administrators see; unique in the account."""
    algorithm: Output[str]
    """How it is signed, such as ``HS256`` or ``RS256``; the vendor's words are not documented."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[JwtAuthArgs]) -> None:
        self._declare(resource_name, args, opts)
