"""What lifecycles and the engine note in a state, for whoever reads states and needs no lifecycle."""

MANAGED = "__managed"
"""Output: the arguments that the program gave, so that a refresh knows which drift matters."""
STORED_AS = "__stored_as"
"""Output: fields that the vendor keeps in a form of its own, with that form, so that it is not taken for drift."""
MARKED = "4dabf18193072939515e22adb298388d"
"""Key of the objects by which the engine writes secrets and assets into a state."""
