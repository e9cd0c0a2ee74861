"""What each released version has left in states and at the vendors. The current version has to find nothing to do.

``python -m tests.recorded`` makes the recordings of the current version.
"""
