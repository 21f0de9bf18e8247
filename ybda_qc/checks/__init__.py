"""The checks: ``page/`` and ``batch/``, one check a file."""
