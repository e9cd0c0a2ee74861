"""The commands of ``voice-routing``."""
