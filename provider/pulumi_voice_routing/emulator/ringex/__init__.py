"""The RingEX API."""
