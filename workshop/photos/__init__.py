"""Bytes of photos: taken in piece by piece, made small and clean, kept on a shelf by their hash. Never in a database."""
