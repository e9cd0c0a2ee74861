"""Writes down anew what rules, gate, pack and guard() say: ``python -m tests.verdicts``. The diff is for reviewers."""

from .recorded import write

write()
