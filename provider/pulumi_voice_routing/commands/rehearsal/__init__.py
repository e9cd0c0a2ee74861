"""``voice-routing rehearse``: a change carried out where it can harm nobody."""
