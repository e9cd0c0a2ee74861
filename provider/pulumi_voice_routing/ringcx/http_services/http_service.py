"""A remote HTTP service: a request that call flows make to a system outside, such as a CRM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Required, TypeAlias, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.adoption import Adoptable
from ...lifecycle.fields import CreateOnly, Immutable, Name, Reference, Secret, Text, Url, Wire
from ...lifecycle.resource import Options, Resource
from . import service_form
from .api_key_auth import ApiKeyAuth
from .basic_auth import BasicAuth
from .custom_auth import CustomAuth
from .jwt_auth import JwtAuth
from .oauth_auth import OAuthAuth
from .service_request import ServiceRequest

HttpServiceKind = Literal["HTTP", "HTTP_GET", "HTTP_POST", "SOAP"]
"""The protocol of a service. All but ``SOAP`` take a ``url``; ``SOAP`` takes a ``soap_endpoint`` and the other ``soap``
arguments."""

HttpMethod = Literal["GET", "POST", "PUT", "DELETE", "PATCH"]
"""The method of a request."""

Parameters: TypeAlias = Sequence[dict[str, Input[str]]]
"""Named values as the vendor's objects, in order. The vendor does not document their members; its examples use
``name`` and ``value``."""

Headers: TypeAlias = dict[str, Input[str]] | Parameters
"""Values by name, such as ``{"Content-Type": "application/json"}``. Where a name comes twice, or more is to be said of
a header, a list as of other parameters."""

AuthConfig: TypeAlias = ApiKeyAuth | BasicAuth | OAuthAuth | JwtAuth | CustomAuth
AUTH_CONFIGS = ("ringcx:ApiKeyAuth", "ringcx:BasicAuth", "ringcx:OAuthAuth", "ringcx:JwtAuth", "ringcx:CustomAuth")

_CONFIG = service_form.CONFIG


class HttpServiceArgs(Adoptable, total=False):
    """What a service is. Fields that are not given are left as the vendor has them."""

    group_id: Required[Annotated[Input[Reference], Immutable(), means.Inside("ringcx:HttpServiceGroup")]]
    """The group of services it lives in; another group means another service."""
    name: Required[Annotated[Input[Name], Wire("serviceDescription"), means.Label("http service")]]
    """What administrators see; unique in its group. Vendor: ``serviceDescription``."""
    kind: Required[Annotated[Input[HttpServiceKind], Wire("serviceType"), Immutable(), means.Kind()]]
    """The protocol; another one means another service, of another name. Vendor: ``serviceType``."""
    active: Annotated[Input[bool], Wire("isEnabled"), means.Switch("service", first=False)]
    """Whether calls may use it. Starts inactive. Leave it out and use ``Activation`` to switch it on once its inputs
    are there. Vendor: ``isEnabled``."""
    auth_config_id: Annotated[AuthConfig | Input[Reference], Wire("authConfigId"), means.Needs(AUTH_CONFIGS)]
    """The auth configuration that it signs in with, or its id. Vendor: ``authConfigId``."""
    url: Annotated[Input[Url], Wire(f"{_CONFIG}.url"), means.Address()]
    """Where requests go. All kinds but ``SOAP`` need it. Vendor: ``url`` in ``httpServiceConfig``, as all fields of
    the request."""
    method: Annotated[Input[HttpMethod], Wire(f"{_CONFIG}.method"), means.Aside()]
    """The request's method."""
    content_type: Annotated[Input[Text], Wire(f"{_CONFIG}.content_type"), means.Aside()]
    """The type of the request's body."""
    headers: Annotated[Input[Headers], Wire(f"{_CONFIG}.headers"), means.Parameters()]
    """The request's headers, such as ``{"Accept": "application/json"}``. Credentials belong in an auth
    configuration."""
    query_params: Annotated[Input[Parameters], Wire(f"{_CONFIG}.query_params"), means.Parameters()]
    """The request's query."""
    form_data: Annotated[Input[Parameters], Wire(f"{_CONFIG}.form_data"), means.Parameters()]
    """The request's form."""
    json_body: Annotated[Input[Text], Wire(f"{_CONFIG}.json_data"), means.FreeText()]
    """The request's body as JSON text; spacing and the order of keys do not matter. Vendor: ``json_data``."""
    text_body: Annotated[Input[str], Wire(f"{_CONFIG}.text_data"), means.FreeText()]
    """The request's body as text. Vendor: ``text_data``."""
    xml_body: Annotated[Input[str], Wire(f"{_CONFIG}.xml_data"), means.FreeText()]
    """The request's body as XML. Vendor: ``xml_data``."""
    soap_endpoint: Annotated[Input[Url], Wire("soapEndpoint"), means.Address()]
    """Where SOAP requests go. ``SOAP`` needs it, and no other kind has it. Vendor: ``soapEndpoint``."""
    soap_action: Annotated[Input[Text], Wire("soapAction"), means.Aside()]
    """With ``SOAP``. Vendor: ``soapAction``."""
    soap_operation_name: Annotated[Input[Text], Wire("soapOperationname"), means.Aside()]
    """With ``SOAP``. Vendor: ``soapOperationname``."""
    soap_port_name: Annotated[Input[Text], Wire("soapPortname"), means.Aside()]
    """With ``SOAP``. Vendor: ``soapPortname``."""
    soap_service_name: Annotated[Input[Text], Wire("soapServicename"), means.Aside()]
    """With ``SOAP``. Vendor: ``soapServicename``."""
    soap_inputs: Annotated[Input[Parameters], Wire(f"{_CONFIG}.soap_inputs"), means.Aside()]
    """With ``SOAP``: the inputs that the request is filled from, by their ``name``; they must be there before it is
    activated."""
    target_namespace: Annotated[Input[Text], Wire("targetNamespace"), means.Aside()]
    """With ``SOAP``. Vendor: ``targetNamespace``."""
    return_type: Annotated[Input[Text], Wire("returntype"), means.Aside()]
    """What it answers; the vendor's words are not documented. Vendor: ``returntype``."""
    enable_mappings: Annotated[Input[bool], Wire("enableMappings"), means.Aside()]
    """Whether inputs are mapped into the request; it then needs inputs before it is activated. Vendor:
    ``enableMappings``."""
    debug: Annotated[Input[bool], Wire("isDebug"), means.Aside()]
    """Whether the vendor logs its requests. Vendor: ``isDebug``."""
    send_all_survey_data: Annotated[Input[bool], Wire("sendAllSurveyData"), means.Aside()]
    """Whether survey answers go along. Vendor: ``sendAllSurveyData``."""
    http_username: Annotated[Input[Text], Wire("httpUsername"), means.Aside()]
    """A user name of its own; better use ``auth_config_id``. Vendor: ``httpUsername``."""
    http_password: Annotated[Input[str], Wire("httpPassword"), Secret()]
    """A password of its own; better use ``auth_config_id``. Secret. Vendor: ``httpPassword``."""
    on_delete: Annotated[Input[Literal["deactivate", "delete"]], means.AtEnd()]
    """What destroying it does: ``deactivate`` leaves it in place and says so, ``delete`` removes it for good. It is
    refused while something calls it. Default: ``deactivate``."""
    clone_of: Annotated[Input[Reference], CreateOnly(), means.Existing()]
    """Start as the vendor's copy of this service of the same group, inputs included; the fields given here are laid
    over it. The copy starts inactive."""


class HttpServiceProvider(ServiceRequest):
    token = "ringcx:HttpService"  # noqa: S105
    args = HttpServiceArgs
    noun = "HTTP service"
    calls = service_form.CALLS
    server_fields = frozenset({"permissions", "httpServiceGroup", "httpServiceInputs"})


class HttpService(Resource, lifecycle=HttpServiceProvider):
    """A request that RingCX makes to a system outside when a call flow asks for it ("remote HTTP service").

    Starts inactive; ``HttpServiceInputs`` gives it its inputs and ``Activation`` switches it on. Calls: HT-06 to HT-11,
    HTb-05 (``httpServices``). It stays while active profiles or tracking numbers call it, and the line names them; IVR
    flows and scripts that use it are known to the vendor alone, whose refusal is final.

    Refuses: to be switched off or deleted while something calls it, and to be switched on without an address or the
    inputs that it declares.
    """

    group_id: Output[str]
    """The group of services it lives in; another group means another service."""
    name: Output[str]
    """What administrators see; unique in its group."""
    kind: Output[str]
    """The protocol; another one means another service, of another name."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[HttpServiceArgs]) -> None:
        self._declare(resource_name, args, opts)
