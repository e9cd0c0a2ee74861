"""Taking over what exists: by option, by argument, and many at once."""
