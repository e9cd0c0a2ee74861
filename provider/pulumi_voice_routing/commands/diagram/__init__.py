"""The routing as a picture: Mermaid text or SVG, with what a preview would change in colour."""
