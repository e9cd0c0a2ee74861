"""The lifecycle engine: check, diff, create, read, update and delete, written once for every resource type."""

import gc

import pulumi.dynamic  # noqa: F401  # what is to be there before the next line

# The SDK makes forty thousand objects that stay. Without this the collector walks through all of them while our modules
# load, and again when the process ends, which is most of what this package adds to the start and end of a program.
gc.freeze()
