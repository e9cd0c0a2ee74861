"""Two accounts, stacks, programs, previews or emulators, compared by names and numbers."""
