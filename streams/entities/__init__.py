"""Who and what an article names: tables, a trained tagger, and what joins the names of one entity."""

from streams.entities.explaining import Explanation, explain
from streams.entities.table import TableError
from streams.entities.tagger import Tagger, load_tagger

__all__ = ["Explanation", "TableError", "Tagger", "explain", "load_tagger"]
