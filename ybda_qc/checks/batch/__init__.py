"""Checks of what only the whole batch can tell."""
