"""Fault injection: faults of real life on a real Kafka, and an oracle that judges from the topics alone."""
