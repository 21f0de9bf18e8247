"""Parts of the benchmark of the watched folder."""
