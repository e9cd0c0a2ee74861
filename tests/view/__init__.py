"""The page that shows where calls go: what is in it, and what a browser makes of it."""
