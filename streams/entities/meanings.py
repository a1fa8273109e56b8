"""Which of several entries of one name an article means."""

from collections.abc import Sequence

from streams.entities.known import PLACED
from streams.entities.lexicon import Lexicon
from streams.entities.spans import Span


class Meanings:
    """What the names of tables mean in an article, by the countries that it names."""

    __slots__ = ("countries", "lexicon")

    def __init__(self, lexicon: Lexicon, spans: Sequence[Span]) -> None:
        self.lexicon = lexicon
        placed = {span[6] for span in spans if span[4] in PLACED}
        self.countries = {country for entries in placed if (country := self._country(entries))}

    def _country(self, entries: tuple[int, ...]) -> str:
        """The country that a place or a people is of, when all that it may be are of one."""
        country = self.lexicon.country
        if len(entries) == 1:
            return country[entries[0]]
        found = {country[number] for number in entries} - {""}
        return found.pop() if len(found) == 1 else ""

    def meant(self, span: Span) -> int:
        """The entry that the span means: the best known, unless the article names another's country and not its own."""
        entries = span[6]
        if len(entries) == 1:
            return entries[0]
        order, country = self.lexicon.orders, self.lexicon.country
        best = max(entries, key=lambda number: (order[number], self._nearness(country[number])))
        if not country[best] or country[best] in self.countries:
            return best
        nearby = [number for number in entries if country[number] in self.countries]
        return max(nearby, key=order.__getitem__, default=best)

    def _nearness(self, country: str) -> int:
        """1 for a country that the article names, 0 for none, -1 for another."""
        return 1 if country in self.countries else -1 if country else 0

    def nearby_id(self, entry: int, span: Span) -> str:
        """The id of a place of the same name in a country that the article names, or empty."""
        lexicon = self.lexicon
        kind = lexicon.kinds[entry]
        for other in span[6] if span[4] == "GPE" else ():
            if lexicon.kinds[other] == kind and lexicon.id[other] and lexicon.country[other] in self.countries:
                return lexicon.id[other]
        return ""
