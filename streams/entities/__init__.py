"""Names in text and the entities they stand for."""
