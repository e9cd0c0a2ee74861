"""One page that shows where calls go: a file that needs no network and no server."""
