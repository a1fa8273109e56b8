"""The language of alert rules: parsing, matching, evidence."""
