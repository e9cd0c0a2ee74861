"""Tests of meetings with vendors."""
