"""Documents made of the project's own sentences and of names put together from parts."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from streams.entities.datafiles import given_names
from streams.entities.entries import KNOWLEDGE, PLACES, TYPES, WIKIDATA
from streams.entities.lexicon import Lexicon

HERE = Path(__file__).parent
SLOT = re.compile(r"\{([A-Z])\}")
KIND = {"P": "PER", "L": "PER", "G": "LOC", "C": "LOC", "N": "MISC", "O": "ORG", "B": "ORG", "A": "ORG", "M": "ORG",
        "K": "ORG", "F": "LOC", "R": "LOC", "E": "MISC", "U": "PER", "D": "ORG", "S": "ORG"}  # fmt: skip


def parts() -> dict[str, list[str]]:
    """The words of ``training_parts.txt`` by their kind."""
    lines = (HERE / "training_parts.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    return {kind: words.split("|") for kind, words in pairs}


PARTS = parts()


@dataclass
class Cast:
    """The names that one document speaks of."""

    people: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)


class Names:
    """Makes names up, and draws known ones."""

    def __init__(self, lexicon: Lexicon, chance: random.Random) -> None:
        self.chance = chance
        lines = (HERE / "training_names.txt").read_text(encoding="utf-8").splitlines()[1:]
        self.family = [
            name.replace("van-der-", "van der ").replace("de-la-", "de la ") for line in lines for name in line.split()
        ]
        self.given = sorted(given_names())
        self.drawn = {
            kind: self._known(lexicon, kind) for kind in ("ORG", "ARMED_GROUP", "MEDIA", "FAC", "LOC", "EVENT")
        }
        self.countries, self.demonyms, self.cities = [], [], []
        for name, kind, source, weight in zip(lexicon.name, lexicon.type, lexicon.source, lexicon.weight, strict=True):
            if TYPES[kind] == "GPE" and weight == 9:
                self.countries.append(name)
            elif TYPES[kind] == "NORP" and weight:
                self.demonyms.append(name)
            elif source == PLACES and name.isascii():
                self.cities.append(name)

    @staticmethod
    def _known(lexicon: Lexicon, kind: str) -> list[str]:
        names = set()
        for owner, text in zip(lexicon.index.owner.tolist(), lexicon.index.text.tolist(), strict=True):
            alias = lexicon.aliases[text]
            known = TYPES[lexicon.type[owner]] == kind and lexicon.source[owner] in (KNOWLEDGE, WIKIDATA)
            if known and alias.isascii() and alias[:1].isupper() and len(alias) > 3:
                names.add(alias)
        return sorted(names) or ["Example"]

    def given_name(self) -> str:
        """A given name, one in four of them on no list."""
        chance = self.chance.random()
        if chance < 0.15:
            return self.invented()
        return self.chance.choice(self.family) if chance < 0.25 else self.chance.choice(self.given)

    def person(self) -> str:
        given, chance = self.given_name(), self.chance.random()
        family = self.chance.choice(self.family)
        if chance < 0.08:
            given += f" {self.chance.choice('ABCDEFGHJKLMPRSTW')}."
        elif chance < 0.2:
            given += f" {self.chance.choice(self.given)}"
        elif chance < 0.24:
            return f"Abu {self.chance.choice(self.given)} {family}"
        elif chance < 0.25:
            return f"{family} {self.invented()}-{self.invented().lower()}"
        elif chance < 0.28:
            given = "".join(f"{self.chance.choice('ABCDEFGHJKLMPRST')}." for _ in range(2))
        elif chance < 0.36:
            family = self.invented()
        return f"{given} {family}"

    def by_name(self) -> str:
        """What a fighter is known by: Abu and the name of a son, or Hajj, many with the place he is from."""
        first = self.chance.choice(("Abu", "Abu", "Abu", "Hajj", "Umm", "Mullah"))
        given = f"{first} {self.chance.choice((self.chance.choice(self.given), self.invented()))}"
        return given if self.chance.random() < 0.4 else f"{given} al-{self.invented()}i"

    def unit(self) -> str:
        """A unit of an army or militia by its number."""
        number = self.chance.randint(1, 130)
        if self.chance.random() < 0.1:
            return f"{self.chance.choice(('Brigade', 'Liwa', 'Unit', 'Force', 'Regiment'))} {number}"
        ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        arm = self.chance.choice(("", "", "", "Mechanised ", "Infantry ", "Assault ", "Border Guard ", "Armored "))
        size = self.chance.choice(("Brigade", "Brigade", "Brigade", "Division", "Regiment", "Battalion", "Corps"))
        return f"{number}{ending} {arm}{size}"

    def invented(self) -> str:
        """A word that is no name anybody knows, made of syllables."""
        pick = self.chance.choice
        count = pick((1, 2, 2, 3))
        syllables = "".join(pick(PARTS["onsets"]) + pick(PARTS["vowels"]) for _ in range(count))
        return (syllables + pick(PARTS["codas"])).capitalize()

    def city(self) -> str:
        return self.invented() if self.chance.random() < 0.2 else self.chance.choice(self.cities)

    def organisation(self) -> str:
        pick, chance = self.chance.choice, self.chance.random()
        place = pick((self.city, lambda: pick(self.demonyms)))()
        made: Sequence[Callable[[], str]] = (
            lambda: f"{pick((pick(self.family), self.invented()))} {pick(PARTS['firm_ends'])}",
            lambda: f"{pick(self.family)} & {pick(self.family)}",
            lambda: f"{pick(PARTS['body_words'])} {pick(PARTS['bodies'])}",
            lambda: f"{pick(PARTS['body_words'])} {pick(PARTS['bodies'])} of {pick(PARTS['members'])}",
            lambda: f"{pick(PARTS['bodies'])} of {pick((self.city(), pick(self.demonyms)))} {pick(PARTS['members'])}",
            lambda: f"{pick(self.demonyms)} {pick(PARTS['peoples'])} {pick(PARTS['bodies'])}",
            lambda: f"{pick(PARTS['peoples'])} {pick(PARTS['body_words'])} {pick(PARTS['bodies'])}",
            lambda: f"{place} {pick(PARTS['body_words'])} {pick(PARTS['bodies'])}",
            lambda: f"{pick(PARTS['body_words'])} {pick(PARTS['body_words'])} {pick(PARTS['bodies'])}",
            lambda: f"{pick(PARTS['body_words'])} and {pick(PARTS['body_words'])} {pick(PARTS['bodies'])}",
            lambda: f"{pick(PARTS['bodies'])} for {pick(PARTS['body_words'])} {pick(PARTS['fields'])}",
            lambda: f"University of {self.city()}",
            lambda: f"{place} University",
            lambda: f"Ministry of {pick(PARTS['fields'])}",
            lambda: f"{pick(PARTS['fields'])} Ministry",
            lambda: f"{place} {pick(PARTS['club_ends'])}",
            lambda: f"Bank of {pick(self.countries)}",
            lambda: f"{pick(self.demonyms)} {pick(('Army', 'Navy', 'Air Force', 'Armed Forces', 'National Guard'))}",
            lambda: self.invented(),
            self.acronym,
        )
        return pick(self.drawn["ORG"]) if chance < 0.35 else pick(made)()

    def firm(self) -> str:
        """A company, many of them called like their founders."""
        pick = self.chance.choice
        first = pick((pick(self.family), self.invented()))
        made: Sequence[Callable[[], str]] = (
            lambda: pick(self.drawn["ORG"]),
            lambda: pick(self.drawn["ORG"]),
            lambda: pick(self.drawn["ORG"]),
            lambda: f"{pick(self.family)} {pick(self.family)}",
            lambda: f"{pick(self.given)} {pick(self.family)} {pick(PARTS['firm_ends'])}",
            self.invented,
            lambda: f"{first} {pick(PARTS['firm_ends'])}",
            lambda: f"{first} {pick(PARTS['body_words'])} {pick(PARTS['firm_ends'])}",
            lambda: f"{self.city()} {pick(PARTS['firm_ends'])}",
            lambda: f"{pick(self.family)}, {pick(self.family)} & Co",
            lambda: f"{self.invented()}bank",
            lambda: f"Bank of {pick((self.city(), pick(self.countries)))}",
            lambda: f"{self.acronym()} {pick(PARTS['firm_ends'])}",
            self.acronym,
            self.organisation,
        )
        return pick(made)()

    def acronym(self) -> str:
        return "".join(self.chance.choice("ABCDEFGHIKLMNOPRSTUW") for _ in range(self.chance.choice((2, 3, 3, 4))))

    def armed(self) -> str:
        pick, chance = self.chance.choice, self.chance.random()
        if chance < 0.45:
            return pick(self.drawn["ARMED_GROUP"])
        made: Sequence[Callable[[], str]] = (
            lambda: f"{pick(PARTS['arabic_heads'])} {pick(PARTS['arabic_tails'])}",
            lambda: f"{pick(PARTS['arabic_heads'])} {pick(self.given)} {pick(PARTS['arabic_tails'])}",
            lambda: f"{pick(PARTS['armed_words'])} {pick(PARTS['armed_ends'])}",
            lambda: f"{self.city()} {pick(PARTS['armed_words'])} {pick(PARTS['armed_ends'])}",
            lambda: f"{pick(PARTS['armed_words'])} {pick(PARTS['armed_ends'])} of {pick(self.countries)}",
            lambda: f"{pick(PARTS['armed_words'])} and {pick(PARTS['armed_words'])} {pick(PARTS['armed_ends'])}",
            lambda: f"al-{self.invented()}",
        )
        return pick(made)()

    def outlet(self) -> str:
        if self.chance.random() < 0.4:
            return self.chance.choice(self.drawn["MEDIA"])
        first = self.chance.choice((self.city(), self.invented(), "The " + self.city()))
        return f"{first} {self.chance.choice(PARTS['outlet_ends'])}"

    def built(self) -> str:
        if self.chance.random() < 0.2:
            return self.chance.choice(self.drawn["FAC"])
        first = self.chance.choice((self.city, self.invented, lambda: self.chance.choice(self.family), self.person))()
        return f"{first} {self.chance.choice(PARTS['buildings'])}"

    def land(self) -> str:
        if self.chance.random() < 0.5:
            return self.chance.choice(self.drawn["LOC"])
        first = self.chance.choice((self.city(), self.invented(), self.chance.choice(self.demonyms)))
        return f"{first} {self.chance.choice(PARTS['waters'])}"

    def event(self) -> str:
        chance = self.chance.random()
        if chance < 0.3:
            return self.chance.choice(self.drawn["EVENT"])
        if chance < 0.36:
            fields = self.chance.choice((*PARTS["fields"], "Human Rights", "the Rights of the Child"))
            return f"{self.chance.choice(self.demonyms)} Convention on {fields}"
        if chance < 0.4:
            return f"Treaty of {self.city()}"
        first = self.chance.choice((self.city(), self.chance.choice(self.demonyms)))
        return f"{first} {self.chance.choice(PARTS['events'])}"

    def fill(self, slot: str, cast: Cast) -> str:
        """A name for the slot; people and bodies may be those of the document."""
        if slot == "P":
            name = self.chance.choice(cast.people) if cast.people and self.chance.random() < 0.3 else self.person()
            cast.people.append(name)
            return name
        if slot == "L":
            known = self.chance.choice(cast.people) if cast.people else f"X {self.chance.choice(self.family)}"
            return self.last_name(known)
        if slot == "B":
            known = self.chance.choice(cast.bodies) if cast.bodies else ""
            letters = "".join(word[0] for word in known.split() if word[0].isupper())
            return letters if 2 <= len(letters) <= 5 else self.acronym()
        if slot == "O":
            cast.bodies.append(self.organisation())
            return cast.bodies[-1]
        made = {"G": self.city, "A": self.armed, "M": self.outlet, "F": self.built, "R": self.land, "E": self.event,
                "K": self.firm, "U": self.by_name, "D": self.unit, "S": self.city}  # fmt: skip
        pools = {"C": self.countries, "N": self.demonyms, "T": PARTS["offices"], "W": PARTS["ranks"]}
        return made[slot]() if slot in made else self.chance.choice(pools[slot])

    @staticmethod
    def last_name(person: str) -> str:
        words = person.split()
        return " ".join(words[-2:]) if len(words) > 2 and words[-2].islower() else words[-1]


def made_documents(lexicon: Lexicon, count: int, seed: int = 11) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """``count`` documents of five to nine sentences with the names in them (start, end, kind)."""
    chance = random.Random(seed)
    names = Names(lexicon, chance)
    lines = (HERE / "training_sentences.txt").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    return [_document(names, chance.sample(patterns, chance.randint(5, 9))) for _ in range(count)]


def in_capitals(text: str) -> str:
    """The text in capitals, letter by letter, so that offsets stay."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def _document(names: Names, patterns: Sequence[str]) -> tuple[str, list[tuple[int, int, str]]]:
    text, spans, cast = "", [], Cast()
    for written in patterns:
        pattern = written.lstrip("^")
        shouted, begin, position = pattern != written, len(text), 0
        for slot in SLOT.finditer(pattern):
            text += pattern[position : slot.start()]
            name = names.fill(slot[1], cast)
            if slot[1] in KIND:
                spans.append((len(text), len(text) + len(name), KIND[slot[1]]))
            text += name
            position = slot.end()
        text += pattern[position:]
        if shouted:
            text = text[:begin] + in_capitals(text[begin:])
        text += "\n" if shouted else names.chance.choice((" ", " ", "\n\n"))
    return text, spans
