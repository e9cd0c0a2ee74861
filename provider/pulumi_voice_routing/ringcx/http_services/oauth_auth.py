"""An auth configuration that gets its tokens by OAuth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.fields import Name, Secret, Text, Url, Wire
from ...lifecycle.resource import Options, Resource
from ..client_http_services import OAUTH_AUTHS
from .auth_config import AuthConfigArgs
from .token_grant import TokenGrant

GrantType = Literal["CLIENT_CREDENTIALS", "PASSWORD", "REFRESH_TOKEN", "JWT_BEARER"]
"""How the client gets a token. ``PASSWORD`` needs ``username`` and ``password``, ``JWT_BEARER`` needs ``assertion``."""


class OAuthAuthArgs(AuthConfigArgs, total=False):
    """What an OAuth client is."""

    client_id: Required[Annotated[Input[Name], Wire("clientId")]]
    """The client. Vendor: ``clientId``."""
    secret: Required[Annotated[Input[str], Wire("secret"), Secret()]]
    """The client's secret. Secret. A new value is a rotation."""
    token_url: Required[Annotated[Input[Url], Wire("tokenUrl"), means.Aside()]]
    """Where tokens come from. Vendor: ``tokenUrl``."""
    grant_type: Required[Annotated[Input[GrantType], Wire("grantType"), means.Aside()]]
    """How tokens are asked for; ``PASSWORD`` needs ``username`` and ``password``, ``JWT_BEARER`` needs ``assertion``.
    Vendor: ``grantType``."""
    credentials_in: Annotated[
        Input[Literal["BODY", "QUERY_PARAM", "HEADER"]], Wire("clientCredentialsSupplyIn"), means.Aside()
    ]
    """Where the client's own credentials go. Vendor: ``clientCredentialsSupplyIn``."""
    scope: Annotated[Input[Text], Wire("scope"), means.Aside()]
    """The scopes to ask for."""
    username: Annotated[Input[Text], Wire("username"), means.Aside()]
    """The user, with ``PASSWORD``."""
    password: Annotated[Input[str], Wire("password"), Secret()]
    """The user's password, with ``PASSWORD``. Secret."""
    assertion: Annotated[Input[str], Wire("assertion"), Secret()]
    """The signed assertion, with ``JWT_BEARER``. Secret."""
    other_parameters: Annotated[Input[Sequence[dict[str, Input[str]]]], Wire("otherParameters"), Secret()]
    """Further parameters of the token call, as the vendor's objects. Secret as a whole. Vendor: ``otherParameters``."""
    oauth_provider: Annotated[Input[Literal["ADMIN_POPULATED", "SFDC_WEBFLOW"]], Wire("oauthProvider"), means.Aside()]
    """Who fills in the client. Vendor: ``oauthProvider``."""


class OAuthAuthProvider(TokenGrant):
    token = "ringcx:OAuthAuth"  # noqa: S105
    args = OAuthAuthArgs
    noun = "OAuth client"
    calls = OAUTH_AUTHS


class OAuthAuth(Resource, lifecycle=OAuthAuthProvider):
    """An OAuth client that remote HTTP services get their tokens with ("external auth configuration").

    A new secret is sent in place; nothing else changes. Calls: HT-16 to HT-18, HT-21, HTb-10
    (``external/authConfigs``). It stays while an active service signs in with it.
    """

    name: Output[str]
    """What administrators see; unique in the account."""
    client_id: Output[str]
    """The client."""
    token_url: Output[str]
    """Where tokens come from."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[OAuthAuthArgs]) -> None:
        self._declare(resource_name, args, opts)
