"""Where calls go: the path of one call, and what a change does to everybody's calls."""
