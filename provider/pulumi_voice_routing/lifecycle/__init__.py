"""The lifecycle engine: check, diff, create, read, update and delete, written once for every resource type."""
