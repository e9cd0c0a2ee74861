"""The RingCX API."""
