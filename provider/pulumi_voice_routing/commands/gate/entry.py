"""An entry of the file of approvals, as it is written."""

from __future__ import annotations

from ...permission.wording import Entry, toml

__all__ = ["Entry", "toml"]
