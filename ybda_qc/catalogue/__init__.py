"""What a delivery says of itself in words: archival codes 档号 and catalogues 目录."""
