"""``voice-routing gate``: a plan judged before it happens, for people and for CI."""
