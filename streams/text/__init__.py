"""Text as strings: extraction, lines, dates, languages, hygiene."""
