"""How PortSIP pages its lists."""

from __future__ import annotations

import re

from ..problems import invalid
from ..routing import Call
from ..schema import Record, text, whole

LISTING = (
    text("filter"),
    text("search"),
    text("orderby"),
    whole("skip", default=0, minimum=0),
    whole("top", default=100, minimum=1, maximum=100),
)


def listed(call: Call, rows: list[Record]) -> Record:
    """One page, after what the filter lets through: `field eq 'text'` is the one form that is served."""
    query = call.query
    if "filter" in query:
        matched = re.fullmatch(r"(\w+) eq '([^']*)'", query["filter"])
        if not matched:
            raise invalid("filter", "only `field eq 'text'` is served", query["filter"])
        name, value = matched.groups()
        rows = [row for row in rows if str(row.get(name)) == value]
    if "search" in query:
        rows = [row for row in rows if any(query["search"].lower() in str(value).lower() for value in row.values())]
    if "orderby" in query:
        name, _, direction = query["orderby"].partition(" ")
        rows = sorted(rows, key=lambda row: str(row.get(name)), reverse=direction == "desc")
    return {"count": len(rows), "items": rows[query["skip"] : query["skip"] + query["top"]]}
