"""The least that is a dynamic resource: what a run of any of them takes."""

from __future__ import annotations

from typing import Any

from pulumi import dynamic


class NothingProvider(dynamic.ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        return dynamic.CreateResult("nothing", props)


class Nothing(dynamic.Resource):
    """A resource that stands for nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(NothingProvider(), name, {})
