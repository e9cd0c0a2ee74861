"""What the note of a create under way means for a set, such as the destinations of a profile.

A set has no id of its own that a note could name: until the state knows of it, its entries are told from those that
people made by not having been there before, and by being just as the program declares them.
"""

from __future__ import annotations

from ..errors import ApiError, DeclarationError, Refused, ServerError, SettingsError, Unreachable
from ..lifecycle.intents import Intent

_NEVER_ASKED = (DeclarationError, Refused, SettingsError, Unreachable)


def forget_refused(intent: Intent, error: BaseException) -> None:
    """Nothing was made: unless the vendor may still be at work on it, what comes to be there is somebody else's."""
    said_no = isinstance(error, ApiError) and not isinstance(error, ServerError)
    if said_no or isinstance(error, _NEVER_ASKED):
        intent.forget()
