"""Fleets: many objects of one type as one resource."""
