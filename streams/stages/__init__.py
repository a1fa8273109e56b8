"""What happens to a message: one verb, one module."""
