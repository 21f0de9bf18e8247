"""The only package that opens images."""
