"""From findings to a decision."""
