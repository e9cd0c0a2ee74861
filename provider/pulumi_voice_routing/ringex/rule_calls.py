"""The calls for answering rules, which extensions with the newer call handling do not have."""

from __future__ import annotations

from dataclasses import replace

from ..client.answers import text
from ..errors import ApiError, NotFound
from ..lifecycle.calls import Calls
from .client import ID, RingEX
from .refusals import MOVED
from .shapes import AnsweringRule


def get_rule(api: RingEX, extension: str, rule: str) -> AnsweringRule:
    """A rule. Where rules cannot be read any more, none is to be taken for gone."""
    try:
        return api.get_rule(extension, rule)
    except ApiError as error:
        if error.code == MOVED or isinstance(error, NotFound):
            api.check_call_handling(extension)
        raise


def list_custom_rules(api: RingEX, extension: str) -> list[AnsweringRule]:
    """Summaries of the rules that are not built in."""
    api.check_call_handling(extension)
    return [one for one in api.list_rules(extension) if text(one.get("type")) == "Custom"]


RULES = Calls(path=("extension", "rule"), id_field=ID, list=RingEX.list_rules, get=get_rule, update=RingEX.update_rule)
CUSTOM_RULES = replace(RULES, list=list_custom_rules, create=RingEX.create_rule, delete=RingEX.delete_rule)
