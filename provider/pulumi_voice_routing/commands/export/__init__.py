"""A living account as a program: read, named, linked, written down, and entered into a stack's state."""
