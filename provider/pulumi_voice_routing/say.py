"""What the run tells the user while it works: one notice is one line.

Work runs side by side, and the SDK writes a text and the end of its line one after the other. Without the lock, two
notices could share a line.
"""

from __future__ import annotations

from threading import Lock

import pulumi

_one_at_a_time = Lock()


def info(text: str) -> None:
    """Say what was done."""
    with _one_at_a_time:
        pulumi.log.info(text)


def warn(text: str, resource: pulumi.Resource | None = None) -> None:
    """Say what the user should look at, beside the resource where one is given."""
    with _one_at_a_time:
        pulumi.log.warn(text, resource)
