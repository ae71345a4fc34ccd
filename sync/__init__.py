"""Append-only logs that meet and leave with the same entries: standalone, knows no application."""
