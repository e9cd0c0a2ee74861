"""What is said of writes and permissions, in full, for broad tables of inputs.

Each text beside this file holds what one recording tells of its cases: every field of what is asked, refused or
foreseen. Tests compare them letter by letter, so that a diff shows whatever changes for users. To write them anew::

    python -m tests.outcomes.recorded

Nothing in them depends on the day, the machine or the order of a set.
"""
