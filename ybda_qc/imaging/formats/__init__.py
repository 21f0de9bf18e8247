"""One module a file format; only `header` and `decode` of this package's parent call them."""
