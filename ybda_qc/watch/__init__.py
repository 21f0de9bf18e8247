"""The watched folder: files are taken in as they are completed, and answered at once."""
