"""Articles for the faults: made from a number, so that every run and every judge sees the same ones."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

WHO = (
    "The Port Authority of Harwick", "Nordlys Energy", "The Ministry of Transport", "Calder & Wyeth",
    "The city council of Brennau", "Tidewater Shipping", "The Halden Institute", "Meridian Rail",
)  # fmt: skip
DID = (
    "suspended work at", "approved an extension of", "withdrew its bid for", "opened an inquiry into",
    "reported damage at", "signed a contract for", "postponed the reopening of", "cut staff at",
)  # fmt: skip
WHAT = (
    "the northern terminal", "a battery plant near the river", "the coastal line", "its oldest refinery",
    "the new hospital wing", "a water treatment works", "the fish market hall", "the container bridge",
)  # fmt: skip
WHY = (
    "after two days of heavy rain", "because a supplier missed three deadlines", "following a court order",
    "as costs rose by a fifth", "when inspectors found cracks in the concrete", "despite objections from residents",
)  # fmt: skip
ADDED = (
    "A spokeswoman said that talks with the unions would continue next week.",
    "Shares in the operator fell four percent in early trading.",
    "Local shops expect fewer visitors until the spring.",
    "The opposition asked for the figures to be published in full.",
    "Engineers are to measure the foundations again before the end of the month.",
    "No one was hurt, according to the fire service.",
    "An earlier estimate had put the cost at twelve million.",
    "The regulator declined to say how long its review would take.",
)  # fmt: skip
GERMAN = (
    "Der Stadtrat hat am Montag beschlossen, die Arbeiten an der alten Brücke zu unterbrechen.",
    "Die Bahn rechnet mit Verspätungen auf der Strecke am Fluss, sagte eine Sprecherin.",
    "Nach Angaben der Feuerwehr wurde bei dem Brand in der Halle niemand verletzt.",
    "Das Unternehmen will die Zahlen erst nach der Prüfung durch die Behörde veröffentlichen.",
    "Anwohner hatten sich über den Lärm der Lastwagen in den frühen Stunden beschwert.",
)
FRENCH = (
    "Le conseil municipal a décidé lundi de suspendre les travaux sur le vieux pont.",
    "La compagnie prévoit des retards sur la ligne qui longe le fleuve, selon une porte-parole.",
    "Personne n'a été blessé dans l'incendie de la halle, ont indiqué les pompiers.",
    "L'entreprise publiera les chiffres après l'examen de l'autorité de contrôle.",
    "Les riverains se plaignaient depuis des mois du bruit des camions.",
)
COPY_EVERY = 12
"""One article of so many has the text of an earlier one, under another id and publisher."""


Headers = Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True)
class Piece:
    """One record to publish, and what is meant to become of it: ``sent``, ``rejected``, or None for either."""

    id: str
    value: bytes | None
    meant: str | None = "sent"
    key: bytes | None = b""
    headers: Headers = ()

    @property
    def record_key(self) -> bytes | None:
        return self.id.encode() if self.key == b"" else self.key


def article(run: str, number: int, **fields: object) -> Piece:
    """Article ``number`` of a run; ``fields`` replace its own."""
    text_number = number - 5 if number % COPY_EVERY == COPY_EVERY - 1 else number
    identity = f"{run}-{number:06d}"
    own = {
        "id": identity,
        "text": text_of(run, text_number),
        "title": title_of(run, text_number),
        "url": f"https://paper-{number % 7}.example/{run}/{number}",
        "source": f"paper-{number % 7}.example",
    }
    return Piece(identity, json.dumps({**own, **fields}, ensure_ascii=False).encode())


def title_of(run: str, number: int) -> str:
    """A headline that is the article's own."""
    chosen = random.Random(f"{run}/{number}")
    return f"{chosen.choice(WHO)} {chosen.choice(DID)} {chosen.choice(WHAT)}, case {number}"


def text_of(run: str, number: int) -> str:
    """Eight to fourteen sentences, one in five articles German and one in five French."""
    chosen = random.Random(f"{run}:{number}")
    if number % 5 == 3:
        sentences = chosen.sample(GERMAN, 4)
    elif number % 5 == 4:
        sentences = chosen.sample(FRENCH, 4)
    else:
        sentences = [
            f"{chosen.choice(WHO)} {chosen.choice(DID)} {chosen.choice(WHAT)} {chosen.choice(WHY)}." for _ in range(6)
        ] + chosen.sample(ADDED, 4)
    chosen.shuffle(sentences)
    if number % 64 == 7:
        sentences.append("A report on the fire was handed to the coroner.")
    word = "".join(chosen.choice("bdfgklmnprstvz") + chosen.choice("aeiou") for _ in range(4)).title()
    return " ".join([*sentences, f"The file at {word} carries the number {number}."])


def poison(run: str) -> list[Piece]:
    """Records that no stage can use, or that look as if; each names what is meant to become of it."""
    good = json.dumps({"text": text_of(run, 1), "title": title_of(run, 1)}, ensure_ascii=False)
    body = good[1:-1]
    deep = b"[" * 10_000 + b"]" * 10_000
    made: list[tuple[str, bytes | None, str | None]] = [
        ("not-json", b"this is no JSON at all", "rejected"),
        ("latin-1", '{"id": "x", "text": "caf\u00e9 am See"}'.encode("latin-1"), "rejected"),
        ("utf-16", good.encode("utf-16"), "rejected"),
        ("nul-bytes", b"\0" * 64, "rejected"),
        ("empty", b"", "rejected"),
        ("tombstone", None, "rejected"),
        ("array", b"[1, 2, 3]", "rejected"),
        ("number", b"17", "rejected"),
        ("deep", deep, "rejected"),
        ("deep-field", b'{"id": "deep", "text": ' + deep + b"}", "rejected"),
        ("no-id", f"{{{body}}}".encode(), "rejected"),
        ("no-text", b'{"id": "no-text", "title": "Nothing below this line"}', "rejected"),
        ("id-is-number", f'{{"id": 12, {body}}}'.encode(), "rejected"),
        ("text-is-list", b'{"id": "list", "text": ["a", "b"]}', "rejected"),
        ("truncated", good.encode()[:-20], "rejected"),
        ("lone-surrogate", b'{"id": "surrogate", "text": "half \\ud83d of a pair"}', None),
        ("nul-in-text", f'{{"id": "{run}-nul-in-text", "note": "\\u0000", {body}}}'.encode(), None),
        ("huge-number", f'{{"id": "{run}-huge-number", "published": 1{"0" * 400}, {body}}}'.encode(), None),
        ("not-a-number", f'{{"id": "{run}-nan", "published": NaN, {body}}}'.encode(), None),
        ("twice-the-key", f'{{"id": "{run}-old", "id": "{run}-twice", {body}}}'.encode(), None),
        ("unknown-version", f'{{"id": "{run}-version", "version": 99, "later": {{"x": 1}}, {body}}}'.encode(), None),
    ]
    return [Piece(f"{run}-{name}", value, meant) for name, value, meant in made] + _odd_ones(run, body)


def _odd_ones(run: str, body: str) -> list[Piece]:
    good = f'{{"id": "{run}-no-key", {body}}}'.encode()
    large = json.dumps({"id": f"{run}-large", "text": "wide " * 700_000}).encode()
    return [Piece(f"{run}-no-key", good, None, key=None), Piece(f"{run}-large", large, None)]
