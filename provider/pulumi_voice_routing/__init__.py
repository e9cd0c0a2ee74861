"""Phone routing as code: call routing of RingCX, RingEX and PortSIP as Pulumi resources.

::

    import pulumi_voice_routing
    from pulumi_voice_routing import ringcx

    pulumi_voice_routing.guard()
"""

from typing import Any

__all__ = ["__version__", "column", "guard"]

__version__ = "0.1.0"


def column(name: str) -> Any:
    """The value of a column in each row of a fleet, where a type checker would not accept the text ``"{kind}"``:
    ``kind=column("kind")``. The two mean the same.
    """
    return f"{{{name}}}"


def guard() -> None:
    """Let the engine refuse what would take a number away from whoever answers its callers.

    Call it before the first resource; calling it again changes nothing. From then on, in previews too:

    - a move, a release or a deactivation of a number that callers reach takes an approval, as at the provider;
    - resources that answer such numbers are protected (``protect``), until approvals let all of their numbers go;
    - ``pulumi destroy`` is refused for them without ``--run-program``, which lets the program judge it.

    Raises :class:`pulumi.RunError` when the file of approvals cannot be used.
    """
    from .safety import guard as guarding  # late, because every process of the provider imports this package

    guarding.guard()
