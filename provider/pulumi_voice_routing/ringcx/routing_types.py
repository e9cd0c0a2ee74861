"""Words of the vendor's own lists, of which only some are documented."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator

from ..lifecycle.fields import Code


def _known(word: str) -> AfterValidator:
    """Refuses a documented word in other letters, which the vendor would not know, and lets every other word pass."""

    def validate(value: str) -> str:
        if value != word and value.upper() == word:
            raise ValueError(f"did you mean {word}?")
        return value

    return AfterValidator(validate)


RoutingType: TypeAlias = Annotated[Code, _known("PERCENT_ALLOCATION")]
"""How a profile chooses among its destinations."""

PercentAllocType: TypeAlias = Annotated[Code, _known("DAILY")]
"""What a profile's percentages are of."""
