"""The contract of wirewatch: what travels on its topics, readable without the pipeline."""
