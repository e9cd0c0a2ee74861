"""Remote HTTP services and how they sign in."""
