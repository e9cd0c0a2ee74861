"""A pytest plugin: whoever imports ``httpx`` gets ``httpx2``, which continues it with the same interface.

.venv/bin/python -m pytest -p tests.client.successor tests/client
"""

from __future__ import annotations

import httpx2

httpx2.alias_httpx()
