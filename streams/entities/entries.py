"""The entries of all tables as columns, with the names they are looked for by."""

from collections.abc import Iterable, Iterator

from schemas.entity import EntityType
from streams.entities.datafiles import common_words, descriptions, gazetteer, given_names
from streams.entities.forms import BRACKETED, capitalised, is_description, other_forms, spoken_form
from streams.entities.rules import corrected
from streams.entities.table import Row

USER, KNOWLEDGE, COUNTRIES, LEGISLATORS, WIKIDATA, PLACES, COMPANIES, NAMES = range(8)
"""Where an entry comes from, the more trusted first."""

TRUSTED = (40, 30, 20, 5, 6, 4, 0, -50)
"""How much an entry of each source is preferred among namesakes, before its weight."""

FAMILIES = {"ARMED_GROUP": "ORG", "MEDIA": "ORG", "LOC": "GPE", "FAC": "GPE"}
"""Types that the sources do not tell apart alike."""

DOUBTFUL, RARE = 2, 3
"""Weights up to which an item of the table of Wikidata is one that few texts meant, and one that several did."""

WELL_KNOWN, CITY = 2, 6
"""Weight from which an item of Wikidata, and a town, is taken for the one of that name."""

TOWN = 4
"""Weight from which a place is one that organisations are named after."""

LARGER = 2
"""By how much the weight of a town must exceed that of its namesakes: it has ten times as many people."""

STATES = "states"
GAZETTEERS = (
    (COUNTRIES, "countries"),
    (LEGISLATORS, "legislators"),
    (WIKIDATA, "wikidata"),
    (PLACES, STATES),
    (PLACES, "places"),
    (COMPANIES, "companies"),
)

TYPES: tuple[str, ...] = (*EntityType, "-", "given", "family")
"""Types of entries; the last three are not those of entities: unknown, and the parts of names of people."""

TYPE_NUMBER = {name: number for number, name in enumerate(TYPES)}
UNTYPED = TYPE_NUMBER["-"]
NAMELESS = "-"
"""Type of the spans of tables that name nothing; all others of unknown type need the trained tagger's word."""


class Columns:
    """Entries as columns that grow, and their names with the number of the entry each is of."""

    def __init__(self) -> None:
        self.name: list[str] = []
        self.id: list[str] = []
        self.country: list[str] = []
        self.type: list[int] = []
        self.weight: list[int] = []
        self.source: list[int] = []
        self.aliases: list[str] = []
        self.owner: list[int] = []
        self.points_at: dict[int, int] = {}
        self.states = range(0)
        """The entries that are states and provinces of the gazetteer."""
        self.needed: dict[str, tuple[int, ...]] = {}
        """Of descriptions the entries one of which an article must name."""

    def add(self, source: int, row: Row) -> None:
        self._add(source, (row.name, row.type, row.id, "", 0), row.aliases)

    def add_gazetteer(self, source: int, name: str) -> None:
        first = len(self.name)
        for title, aliases, kind, identifier, country, weight in gazetteer(name):
            kind = corrected(kind, title) if source == WIKIDATA else kind
            self._add(source, (title, kind, identifier, country, int(weight)), aliases.split("|") if aliases else ())
        if name == STATES:
            self.states = range(first, len(self.name))

    def forget_repeats(self) -> None:
        """Of entries with one id, only the most trusted keeps a name that they share."""
        seen: set[tuple[str, str]] = set()
        kept: list[int] = []
        for number, (alias, owner) in enumerate(zip(self.aliases, self.owner, strict=True)):
            pair = (alias, self.id[owner])
            if not pair[1] or pair not in seen:
                seen.add(pair)
                kept.append(number)
        self.aliases = [self.aliases[number] for number in kept]
        self.owner = [self.owner[number] for number in kept]

    def borrow_ids(self) -> None:
        """An entry of the knowledge table without an id takes that of a well-known item of the same name and kind."""
        known: dict[tuple[str, str], str] = {}
        for name, number, identifier, source, weight in zip(
            self.name, self.type, self.id, self.source, self.weight, strict=True
        ):
            kind = TYPES[number]
            if identifier and (source == KNOWLEDGE or (source == WIKIDATA and weight >= WELL_KNOWN)):
                known.setdefault((name, FAMILIES.get(kind, kind)), identifier)
        for name, identifier in self._cities():
            known.setdefault((name, "GPE"), identifier)
        own = {identifier for identifier, source in zip(self.id, self.source, strict=True) if source == KNOWLEDGE}
        taken = {identifier for identifier, source in zip(self.id, self.source, strict=True) if source <= COUNTRIES}
        for number, source in enumerate(self.source):
            if source == KNOWLEDGE and not self.id[number] and not BRACKETED.search(self.name[number]):
                kind = TYPES[self.type[number]]
                found = known.get((self.name[number], FAMILIES.get(kind, kind)), "")
                self.id[number] = "" if found in taken and found not in own else found

    def _cities(self) -> Iterator[tuple[str, str]]:
        """Towns by their names and ids that are far larger than any other of the name."""
        towns: dict[str, list[tuple[int, str]]] = {}
        for number, source in enumerate(self.source):
            if source == PLACES and number not in self.states:
                towns.setdefault(self.name[number], []).append((self.weight[number], self.id[number]))
        for name, found in towns.items():
            (weight, identifier), *others = sorted(found, reverse=True)
            if identifier and weight >= CITY and all(other + LARGER <= weight for other, _ in others):
                yield name, identifier

    def withhold_doubtful_ids(self) -> None:
        """An item that hardly any text meant is more often a namesake: its name stays known, its id is withheld."""
        ambiguous = {TYPE_NUMBER[kind] for kind in ("PERSON", "GPE", "LOC", "-")}
        person = TYPE_NUMBER["PERSON"]
        for number, source in enumerate(self.source):
            weight, single = self.weight[number], " " not in self.name[number]
            namesake = weight <= DOUBTFUL and (single or self.type[number] in ambiguous)
            if source == WIKIDATA and (namesake or (weight <= RARE and (single or self.type[number] == person))):
                self.id[number] = ""

    def teams(self) -> frozenset[int]:
        """Organisations called like a place and one more word: teams, for the most part."""
        state, body = TYPE_NUMBER["GPE"], TYPE_NUMBER["ORG"]
        rows = zip(self.name, self.type, self.weight, self.source, strict=True)
        places = {
            name for name, kind, weight, source in rows if kind == state and (weight >= TOWN or source <= COUNTRIES)
        }
        return frozenset(
            number
            for number, name in enumerate(self.name)
            if self.type[number] == body and self.source[number] <= WIKIDATA and name.rpartition(" ")[0] in places
        )

    def name_demonyms(self) -> None:
        """A demonym points at its country or continent: it takes that entry's name."""
        places = (TYPE_NUMBER["GPE"], TYPE_NUMBER["LOC"])
        rows = zip(self.id, self.type, self.source, self.name, strict=True)
        named = {identifier: (name, kind) for identifier, kind, source, name in rows
                 if identifier and kind in places and source <= COUNTRIES}  # fmt: skip
        for number, kind in enumerate(self.type):
            if kind == TYPE_NUMBER["NORP"] and self.id[number] in named:
                self.name[number], self.points_at[number] = named[self.id[number]]

    def place_entries(self) -> None:
        """Give the entries of the knowledge table the country that their id or their name says."""
        known = {self.name[n]: self.country[n] for n, source in enumerate(self.source) if source == COUNTRIES}
        own = {
            self.id[n]: self.country[n] for n, source in enumerate(self.source) if source == COUNTRIES and self.id[n]
        }
        own |= {self.id[n]: self.country[n] for n in self.states if self.id[n]}
        known |= {"American": "US", "US": "US", "UK": "GB", "British": "GB"}
        for number, (name, source) in enumerate(zip(self.name, self.source, strict=True)):
            if source <= KNOWLEDGE:
                inside = BRACKETED.search(name)
                said = (
                    inside[0].strip(" ()") if inside else "",
                    name.split(" ")[0],
                    name.split(" of ")[-1].removeprefix("the "),
                )
                by_name = next((known[word] for word in said if word in known), "")
                self.country[number] = own.get(self.id[number], by_name)
            elif source == WIKIDATA:
                self.country[number] = own.get(self.id[number], "")

    def add_parts_of_names(self) -> None:
        """Given and family names: those of the listed people, and a list of given names."""
        person = TYPE_NUMBER["PERSON"]
        people = [name.split() for name, kind in zip(self.name, self.type, strict=True) if kind == person]
        given = {words[0] for words in people if len(words) > 1}
        family = {words[-1] for words in people if len(words) > 1}
        for kind, names in (("given", given | given_names()), ("family", family)):
            names = {name for name in names if name[:1].isalpha() and not name.islower() and "." not in name}
            self._add(NAMES, (f"({kind})", kind, "", "", 0), sorted(names))

    def add_common_words(self) -> None:
        """Words of scripts without spaces: found like names, they are none, and neither is what they overlap."""
        self._add(KNOWLEDGE, ("(word)", NAMELESS, "", "", 0), common_words())

    def add_descriptions(self) -> None:
        """The names of ``data/descriptions.tsv``, which count only where the article names what they go with."""
        own = [number for number, source in enumerate(self.source) if source == KNOWLEDGE]
        by_name = {(self.name[number], TYPES[self.type[number]]): number for number in reversed(own)}
        named: dict[str, list[int]] = {}
        for number in own:
            named.setdefault(self.name[number], []).append(number)
        for description, name, kind, companions in descriptions():
            needed = tuple(number for companion in companions for number in named[companion])
            opening = description[0].upper() + description[1:]
            for alias in dict.fromkeys((description, opening, capitalised(description))):
                self.aliases.append(alias)
                self.owner.append(by_name[name, kind])
                self.needed[alias] = needed

    def _add(self, source: int, entry: tuple[str, str, str, str, int], aliases: Iterable[str]) -> None:
        name, kind, identifier, country, weight = entry
        number = len(self.name)
        self.name.append(name)
        self.type.append(TYPE_NUMBER[kind])
        self.id.append(identifier)
        self.country.append(country)
        self.weight.append(weight)
        self.source.append(source)
        spoken = {spoken_form(alias, kind) for alias in (name, *aliases)}
        if source <= KNOWLEDGE:
            spoken |= {form for alias in spoken for form in other_forms(alias, kind)}
        names = {alias for alias in spoken if not is_description(alias, spoken, kind)}
        self.aliases.extend(sorted(names))
        self.owner.extend([number] * len(names))
