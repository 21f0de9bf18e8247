"""Where pages are examined: in this process, or in worker processes that may die."""
