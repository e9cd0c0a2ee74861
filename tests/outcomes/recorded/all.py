"""All recordings."""

from __future__ import annotations

from .about_after import AFTER
from .about_judge import JUDGED
from .about_names import NAMES
from .about_numbers import COMING
from .about_permission import PERMISSION
from .about_varied import VARIED
from .about_worse import WORSE
from .cases import Cases

RECORDINGS: dict[str, Cases] = {
    "permission": PERMISSION,
    "names": NAMES,
    "worse": WORSE,
    "after": AFTER,
    "judged": JUDGED,
    "coming_numbers": COMING,
    "varied": VARIED,
}
