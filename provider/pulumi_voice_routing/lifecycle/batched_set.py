"""Many things in one resource, sent in batches: what the vendor took stays, and the next run goes on with the rest."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from .model import Values
from .provider import Lifecycle, Partly


class BatchedSet(Lifecycle):
    """A set that is no object of the vendor's, so that its id is made up here. A type adds what one of it is."""

    listed_as = "its objects stand in the program one by one"
    no_fleet = "one of it holds many already"

    # What a type answers

    def items(self, values: Values) -> Mapping[str, Any]:
        """What arguments or a state hold, by what the vendor tells them apart with."""
        raise NotImplementedError

    def bring(self, id_: str, olds: Values, args: Values) -> Values:
        """Have all that is declared, and return the outputs; ``olds`` are empty when the set is made.

        Raises :class:`Partly` when some of it was done.
        """
        raise NotImplementedError

    def end_items(self, going: Mapping[str, Any], olds: Values, args: Values) -> None:
        """End what is no longer declared; ``args`` say how."""
        raise NotImplementedError

    def with_left(self, outs: Values, left: Mapping[str, Any], olds: Values, args: Values) -> Values:
        """The outputs when all that is declared is there, and what was to end may not have ended."""
        raise NotImplementedError

    # The lifecycle

    def make(self, args: Values) -> tuple[str, Values]:
        id_ = uuid.uuid4().hex
        return id_, self.bring(id_, {}, args)

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        outs = self.bring(id_, olds, args)
        wanted = self.items(args)
        going = {key: item for key, item in self.items(olds).items() if key not in wanted}
        try:
            self.end_items(going, olds, args)
        except Exception as error:
            raise Partly(id_, self.with_left(outs, going, olds, args), error) from error
        return outs

    def remove(self, id_: str, olds: Values) -> None:
        self.end_items(self.items(olds), olds, olds)
