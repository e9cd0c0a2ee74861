"""The one call by which RingCX switches objects on and off."""

from __future__ import annotations

from ..client.http import ApiClient, below


class SwitchesApi(ApiClient):
    """What can be switched in an account."""

    def _switched(self, operation: str, collection: str, id_: str, id_field: str, field: str, active: bool) -> None:
        """``PUT .../{id}/setIsActive``, whatever the object's own ``field`` is called. The vendor answers ``true`` when
        it is done; after any other answer the list is read anew."""
        path = below(collection, id_, "setIsActive")
        if self._written(collection, operation, "PUT", path, json={"isActive": active}) is True:
            self.listings.change(collection, id_field, id_, {field: active})
        else:
            self.listings.drop(collection)
