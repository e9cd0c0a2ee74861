"""The number pool, who answers numbers, and tracking numbers."""
