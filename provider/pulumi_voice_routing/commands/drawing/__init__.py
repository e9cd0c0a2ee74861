"""Pictures of boxes and arrows: one layout for ``voice-routing view``, whose page runs it, and for ``diagram``."""
