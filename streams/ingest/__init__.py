"""From feeds to ``articles.raw``: a core without a network, and a thin shell that fetches and remembers."""
