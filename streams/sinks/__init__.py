"""Where alerts go: one module for each service, each a noun. A sink only says whether a failure may pass."""
