"""The use cases, one function each, that plug the parts together."""
