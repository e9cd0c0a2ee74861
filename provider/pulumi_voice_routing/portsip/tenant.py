"""What the resource types of a PortSIP tenant share: the client, and ids that begin with the server and the tenant."""

from __future__ import annotations

from ..errors import SettingsError
from ..lifecycle.member import Member
from .client import PortSIP, portsip_client


class InTenant(Member):
    """An object of a tenant."""

    id_form = "HOST/DOMAIN/ID"

    @property
    def api(self) -> PortSIP:
        """The client of the configured tenant."""
        return portsip_client()

    def at_home(self, id_: str) -> None:
        if self.api.has_domain:  # else the server would have to be asked for it
            self.below(id_)

    def reach(self) -> None:
        self.api.reach()

    @property
    def account(self) -> str:
        return self.api.tenant

    def below(self, reference: str) -> tuple[str, ...]:
        tenant = self.account
        if reference.startswith(f"{tenant}/"):
            return (reference.removeprefix(f"{tenant}/"),)
        if "/" in reference:
            raise SettingsError(
                f"{self.noun} {reference} belongs to another tenant than {tenant}, which is configured. Select the "
                "stack that belongs to this tenant, or set the tenant back; nothing was sent."
            )
        return (reference,)
