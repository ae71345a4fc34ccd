"""Tavoli: runs a participatory workshop from one laptop, with or without the internet."""
