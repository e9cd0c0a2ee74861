"""Which telephone numbers calls may be sent to."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..errors import SettingsError
from ..settings import Setting

NUMBER_KINDS = frozenset({"DID", "IN_NETWORK_DID"})
COUNTRIES = Setting(
    "VOICE_ROUTING_COUNTRY_CODES", "The country codes of numbers that calls may be sent to", example="1,44,353"
)
"""Country codes, separated by commas. Default: every country."""


class Countries(frozenset[int]):
    """The country codes of numbers that calls may be sent to, and who says so."""

    said_by = COUNTRIES.variable


class CountriesOfRule(Countries):
    """The same, from the settings of a rule."""

    said_by = "the rule's setting countries"

    @classmethod
    def listed(cls, codes: Iterable[str]) -> CountriesOfRule:
        """These codes, with or without a plus sign."""
        return cls(int(code.removeprefix("+")) for code in codes)


def allowed_countries() -> Countries | None:
    """The country codes that the settings allow; nothing when they allow all. Raises :class:`SettingsError`."""
    said = COUNTRIES.get()
    if said is None:
        return None
    codes = [code.strip().removeprefix("+") for code in said.split(",")]
    if not all(code.isascii() and code.isdigit() for code in codes):
        raise SettingsError(f"{COUNTRIES.variable} is {said!r}; write country codes such as {COUNTRIES.example}")
    return Countries(int(code) for code in codes)


def why_number_not_allowed(number: str, allowed: Collection[int] | None) -> Iterable[str]:
    """Why calls may not be sent to a number in E.164; nothing when they may. Other targets are passed over."""
    if not number.startswith("+"):
        return
    import phonenumbers  # slow to import

    parsed = phonenumbers.parse(number)
    if phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.PREMIUM_RATE:
        yield f"{number} is a premium-rate number, where every forwarded call costs extra"
    if allowed is not None and parsed.country_code not in allowed:
        listed = ", ".join(f"+{code}" for code in sorted(allowed))
        said_by = allowed.said_by if isinstance(allowed, Countries) else COUNTRIES.variable
        yield f"{number} is in no country that {said_by} allows ({listed})"
