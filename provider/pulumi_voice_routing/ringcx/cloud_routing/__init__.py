"""Route groups, destinations, profiles, and what switches them on."""
