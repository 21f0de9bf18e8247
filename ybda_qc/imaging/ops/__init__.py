"""Pure functions on arrays: no files, no checks, no limits."""
