"""Copies of a data folder: made while people write, checked by opening them, restored on another computer."""
