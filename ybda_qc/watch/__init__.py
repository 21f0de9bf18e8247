"""The watched folder: files are taken in as they are completed, and answered while the sheet is on the table."""
