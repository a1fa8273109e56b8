"""Documents made of the project's own sentences and of names put together from parts."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from streams.entities.lexicon import KNOWLEDGE, PLACES, TYPES, WIKIDATA, Lexicon, given_names

HERE = Path(__file__).parent
SLOT = re.compile(r"\{([A-Z])\}")
KIND = {"P": "PER", "L": "PER", "G": "LOC", "C": "LOC", "N": "MISC", "O": "ORG", "B": "ORG", "A": "ORG", "M": "ORG",
        "F": "LOC", "R": "LOC", "E": "MISC"}  # fmt: skip

OFFICES = (
    "President|Prime Minister|Foreign Minister|Defence Minister|Defense Minister|Interior Minister|Finance Minister|"
    "Vice President|Deputy Prime Minister|Secretary of State|Defense Secretary|Chancellor|King|Emir|Speaker|Oil Minister|"
    "Health Minister|Justice Minister|Economy Minister|Ambassador|Governor|Home Secretary|Crown Prince|Attorney General|"
    "Senator|Army Chief|Opposition leader|Supreme Leader|Grand Ayatollah|Secretary-General"
).split("|")
RANKS = (
    "Maj. Gen.|Lt. Gen.|Brig. Gen.|Gen.|Col.|Lt. Col.|Capt.|General|Major General|Brigadier General|Lieutenant General|"
    "Colonel|Major|Captain|Admiral|Rear Admiral|Sgt.|Staff Sgt.|Army Gen.|Marine Gen.|Police Colonel"
).split("|")
FIELDS = (
    "Foreign Affairs|Defence|Defense|Interior|Health|Oil|Finance|Justice|Agriculture|Education|Energy|Transport|Trade|"
    "Migration and Displacement|Information|Culture|Planning|Labour and Social Affairs|Electricity|Water Resources"
).split("|")
FIRM_ENDS = "Inc.|Inc|Corp.|Corp|Group|Holdings|Bank|Ltd|Ltd.|PLC|AG|SA|Airlines|Energy|Motors|Pharmaceuticals|Industries|Partners|Capital|Technologies|Systems|Steel|Oil|Petroleum|Telecom|Media|Foods|Insurance|Securities|Co.|& Co.|& Sons".split(
    "|"
)
CLUB_ENDS = (
    "United|City|FC|Rovers|Athletic|Wanderers|Lions|Tigers|Bulls|Eagles|Hawks|Bears|Giants|Rangers|Sharks".split("|")
)
BODIES = "Commission|Council|Committee|Agency|Authority|Institute|Foundation|Association|Federation|Union|Organisation|Organization|Society|Court|Party|Movement|Alliance|Coalition|Front|League|Centre|Center|Network|Forum|Fund|Board|Bureau|Office|Service|Administration|Congress".split(
    "|"
)
BODY_WORDS = "National|International|Central|Supreme|Democratic|Islamic|Popular|General|Federal|Human Rights|Security|Electoral|Atomic Energy|Monetary|Trade|Peace|Patriotic|Republican|Liberal|Socialist|Labour|Conservative|Green|People's|Nuclear|Maritime|Red Crescent|Medical|Press|Olympic|Football|Workers'|Farmers'".split(
    "|"
)
ARMED_WORDS = "Liberation|Resistance|Martyrs|Salvation|Freedom|Patriotic|Islamic|Revolutionary|Popular|Holy|National|Eastern|Northern|Desert|Lions|Defenders|Armed".split(
    "|"
)
ARMED_ENDS = "Front|Army|Brigades|Brigade|Movement|Forces|Battalion|Battalions|Militia|Column|Guard|Units|Legion".split(
    "|"
)
ARABIC_HEADS = "Kata'ib|Kataib|Liwa|Saraya|Harakat|Jaysh|Jaish|Ansar|Asa'ib|Jund|Firqat|Hizb|Usbat|Quwat|Tayyar".split(
    "|"
)
ARABIC_TAILS = "al-Islam|al-Haqq|al-Shuhada|al-Imam|al-Mahdi|al-Nasr|al-Quds|al-Fath|al-Sham|al-Tawhid|al-Salam|Allah|al-Wilaya|al-Zahra|al-Karrar|al-Muntazar|al-Jihad|al-Sunna|al-Hussein|al-Abbas|al-Thawra|al-Iraq|al-Watan".split(
    "|"
)
OUTLET_ENDS = "Times|Post|News|Herald|Tribune|Television|TV|News Agency|Daily|Radio|Gazette|Today|Press|Observer|Online|Broadcasting Corporation|Chronicle|Mail|Express|Monitor".split(
    "|"
)
BUILDINGS = "Airport|International Airport|Air Base|Airbase|Hospital|General Hospital|Stadium|Bridge|Square|Street|Prison|Palace|Mosque|Cathedral|Power Plant|Dam|Port|Museum|Barracks|Tower|Central Station|Refinery|Camp|University Hospital|Avenue".split(
    "|"
)
WATERS = (
    "River|Sea|Strait|Gulf|Valley|Mountains|Desert|Peninsula|Islands|Bay|Plateau|Hills|Coast|Basin|Canal|Lake".split(
        "|"
    )
)
EVENTS = "War|Summit|Conference|World Cup|Olympics|Games|Championships|Revolution|Uprising|Festival|Marathon|Open|Crisis|Elections".split(
    "|"
)


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
        rows = zip(lexicon.index.owner.tolist(), lexicon.index.text.tolist(), strict=True)
        return sorted({
            lexicon.aliases[text] for owner, text in rows
            if TYPES[lexicon.type[owner]] == kind and lexicon.source[owner] in (KNOWLEDGE, WIKIDATA)
            and lexicon.aliases[text].isascii() and lexicon.aliases[text][:1].isupper() and len(lexicon.aliases[text]) > 3
        }) or ["Example"]  # fmt: skip

    def person(self) -> str:
        given, chance = self.chance.choice(self.given), self.chance.random()
        family = self.chance.choice(self.family)
        if chance < 0.08:
            given += f" {self.chance.choice('ABCDEFGHJKLMPRSTW')}."
        elif chance < 0.2:
            given += f" {self.chance.choice(self.given)}"
        elif chance < 0.24:
            return f"Abu {self.chance.choice(self.given)} {family}"
        elif chance < 0.28:
            given = "".join(f"{self.chance.choice('ABCDEFGHJKLMPRST')}." for _ in range(2))
        elif chance < 0.36:
            family = self.invented()
        return f"{given} {family}"

    def invented(self) -> str:
        """A word that is no name anybody knows, made of syllables."""
        pick = self.chance.choice
        syllables = [pick("b br d f g gr h j k kh l m n p r s sh st t tr v w z".split()) + pick("a e i o u aa ei ou".split())
                     for _ in range(self.chance.choice((1, 2, 2, 3)))]  # fmt: skip
        return (
            "".join(syllables) + pick(("n", "r", "l", "d", "k", "m", "s", "", "v", "ski", "ov", "i", "ah"))
        ).capitalize()

    def city(self) -> str:
        return self.invented() if self.chance.random() < 0.2 else self.chance.choice(self.cities)

    def organisation(self) -> str:
        pick, chance = self.chance.choice, self.chance.random()
        place = pick((self.city, lambda: pick(self.demonyms)))()
        made: Sequence[Callable[[], str]] = (
            lambda: f"{pick((pick(self.family), self.invented()))} {pick(FIRM_ENDS)}",
            lambda: f"{pick(self.family)} & {pick(self.family)}",
            lambda: f"{pick(BODY_WORDS)} {pick(BODIES)}",
            lambda: f"{place} {pick(BODY_WORDS)} {pick(BODIES)}",
            lambda: f"{pick(BODY_WORDS)} {pick(BODY_WORDS)} {pick(BODIES)}",
            lambda: f"{pick(BODIES)} for {pick(BODY_WORDS)} {pick(FIELDS)}",
            lambda: f"University of {self.city()}",
            lambda: f"{place} University",
            lambda: f"Ministry of {pick(FIELDS)}",
            lambda: f"{pick(FIELDS)} Ministry",
            lambda: f"{place} {pick(CLUB_ENDS)}",
            lambda: f"Bank of {pick(self.countries)}",
            lambda: f"{pick(self.demonyms)} {pick(('Army', 'Navy', 'Air Force', 'Armed Forces', 'National Guard'))}",
            lambda: self.invented(),
            self.acronym,
        )
        return pick(self.drawn["ORG"]) if chance < 0.35 else pick(made)()

    def acronym(self) -> str:
        return "".join(self.chance.choice("ABCDEFGHIKLMNOPRSTUW") for _ in range(self.chance.choice((2, 3, 3, 4))))

    def armed(self) -> str:
        pick, chance = self.chance.choice, self.chance.random()
        if chance < 0.45:
            return pick(self.drawn["ARMED_GROUP"])
        made: Sequence[Callable[[], str]] = (
            lambda: f"{pick(ARABIC_HEADS)} {pick(ARABIC_TAILS)}",
            lambda: f"{pick(ARABIC_HEADS)} {pick(self.given)} {pick(ARABIC_TAILS)}",
            lambda: f"{pick(ARMED_WORDS)} {pick(ARMED_ENDS)}",
            lambda: f"{self.city()} {pick(ARMED_WORDS)} {pick(ARMED_ENDS)}",
            lambda: f"{pick(ARMED_WORDS)} {pick(ARMED_ENDS)} of {pick(self.countries)}",
            lambda: f"al-{self.invented()}",
        )
        return pick(made)()

    def outlet(self) -> str:
        if self.chance.random() < 0.4:
            return self.chance.choice(self.drawn["MEDIA"])
        return f"{self.chance.choice((self.city(), self.invented(), 'The ' + self.city()))} {self.chance.choice(OUTLET_ENDS)}"

    def built(self) -> str:
        if self.chance.random() < 0.2:
            return self.chance.choice(self.drawn["FAC"])
        first = self.chance.choice((self.city, self.invented, lambda: self.chance.choice(self.family), self.person))()
        return f"{first} {self.chance.choice(BUILDINGS)}"

    def land(self) -> str:
        if self.chance.random() < 0.5:
            return self.chance.choice(self.drawn["LOC"])
        return f"{self.chance.choice((self.city(), self.invented(), self.chance.choice(self.demonyms)))} {self.chance.choice(WATERS)}"

    def event(self) -> str:
        if self.chance.random() < 0.3:
            return self.chance.choice(self.drawn["EVENT"])
        return f"{self.chance.choice((self.city(), self.chance.choice(self.demonyms)))} {self.chance.choice(EVENTS)}"

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
        made = {"G": self.city, "A": self.armed, "M": self.outlet, "F": self.built, "R": self.land, "E": self.event}
        pools = {"C": self.countries, "N": self.demonyms, "T": OFFICES, "W": RANKS}
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


def _document(names: Names, patterns: Sequence[str]) -> tuple[str, list[tuple[int, int, str]]]:
    text, spans, cast = "", [], Cast()
    for pattern in patterns:
        position = 0
        for slot in SLOT.finditer(pattern):
            text += pattern[position : slot.start()]
            name = names.fill(slot[1], cast)
            if slot[1] in KIND:
                spans.append((len(text), len(text) + len(name), KIND[slot[1]]))
            text += name
            position = slot.end()
        text += pattern[position:] + names.chance.choice((" ", " ", "\n\n"))
    return text, spans
