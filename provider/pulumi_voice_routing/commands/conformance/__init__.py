"""``voice-routing conformance``: what a real vendor answers, held against what this package expects."""
