"""What a stack holds and what a run will make of it: from a state, a preview, or a program."""
