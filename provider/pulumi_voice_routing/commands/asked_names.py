"""What queues and IVRs are called, as far as the pool of numbers tells: no other call of the vendor lists both."""

from __future__ import annotations

from ..ringcx.client import ringcx_client
from ..ringcx.numbers.owner import Live

_KINDS = {"queue": "queue", "Visual IVR": "ivr"}


def asked_names() -> dict[tuple[str, str], str]:
    """Names by kind and id, of those that a number of the account is assigned to. Raises :class:`VoiceRoutingError`."""
    api = ringcx_client()
    records = api.pool.account()
    found: dict[tuple[str, str], str] = {}
    for record in (records or {}).values():
        owner = Live(record).owner
        if owner is not None and owner.name and owner.product in _KINDS:
            found[_KINDS[owner.product], owner.number] = owner.name
    return found
