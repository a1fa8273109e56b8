"""The pipeline: from articles as published to enriched articles and alerts."""
