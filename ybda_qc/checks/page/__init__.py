"""Checks of single pages."""
