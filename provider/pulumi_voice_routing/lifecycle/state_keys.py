"""What lifecycles note in the outputs of a resource, for whoever reads states and needs no lifecycle."""

MANAGED = "__managed"
"""Output: the arguments that the program gave, so that a refresh knows which drift matters."""
STORED_AS = "__stored_as"
"""Output: fields that the vendor keeps in a form of its own, with that form, so that it is not taken for drift."""
