"""Made articles and pages: another text for each number, the same one every time, of nobody's words."""

import random

from schemas.article import RawArticle

PLACES = (
    "Baghdad", "Niamey", "Kyiv", "Lima", "Jakarta", "Nairobi", "Warsaw", "Manila", "Bogota", "Ankara", "Lagos", "Quito",
)  # fmt: skip
PEOPLE = ("the minister", "a spokesperson", "the central bank", "the regional council", "the army", "an aid group")
VERBS = ("said", "announced", "denied", "confirmed", "reported", "warned", "promised", "explained", "argued", "noted")
THINGS = (
    "prices", "talks", "elections", "schools", "vaccines", "troops", "wages", "ferries", "bridges", "budgets", "floods",
    "trials",
)  # fmt: skip
ENDS = (
    "would continue next week", "had fallen since the spring", "were delayed by storms", "cost more than planned",
    "left hundreds without work", "drew criticism abroad", "remained under review", "had been agreed in principle",
)  # fmt: skip
LINKS = 120
"""Links to other articles on a made page, in its menu and beside the text."""
SCRIPT = "window.layers=window.layers||[];function track(name,value){layers.push({name:name,value:value,at:0})}"


def made_article(number: int, size: int = 3000) -> RawArticle:
    """A plain-text article of about ``size`` characters."""
    title, paragraphs = _made_text(number, size)
    text = "\n\n".join([title, *paragraphs])
    return RawArticle(id=f"bench-{number}", text=text, source=f"site{number % 40}.example", published=None)


def made_report(number: int, size: int = 3000) -> RawArticle:
    """The same article with a paragraph that the shipped rule ``troop-withdrawal`` fires on."""
    article = made_article(number, size)
    told = f"The army pulled its last troops out of {PLACES[number % len(PLACES)]} on day {number}."
    return article.model_copy(update={"text": f"{article.text}\n\n{told}"})


def made_page(number: int, size: int = 3000) -> RawArticle:
    """The same article as a full page of about 90,000 characters: menus, links, scripts and styles round it."""
    title, paragraphs = _made_text(number, size)
    chance = random.Random(-number)
    links = [
        f'<li class="teaser t{i % 7}"><a href="/news/{number}-{i}.html"><img src="/i/{i}.jpg" alt=""/>'
        f"<span>{chance.choice(PLACES)}: {chance.choice(THINGS)} {chance.choice(ENDS)}</span></a></li>"
        for i in range(LINKS)
    ]
    half, script = LINKS // 3, f"<script>{SCRIPT * 150}</script>"
    style = "".join(f".t{i}{{margin:{i}px;padding:{i}px;color:#{i:06x};display:block}}" for i in range(900))
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"/><title>{title} | Site {number % 40}</title>'
        f'<meta property="og:title" content="{title}"/><meta property="og:type" content="article"/>'
        f'<meta property="article:published_time" content="2024-05-{number % 28 + 1:02d}T09:00:00+00:00"/>'
        f"<style>{style}</style>{script}</head><body><nav><ul>{''.join(links[:half])}</ul></nav>"
        f"<main><article><h1>{title}</h1>{''.join(f'<p>{p}</p>' for p in paragraphs)}</article>"
        f"<aside><h2>Related</h2><ul>{''.join(links[half:])}</ul></aside></main>"
        f"<footer><p>About us | Contact | Terms</p></footer>{script}</body></html>"
    )
    return RawArticle(id=f"page-{number}", html=html, url=f"https://site{number % 40}.example/news/{number}.html")


def _made_text(number: int, size: int) -> tuple[str, list[str]]:
    chance = random.Random(number)
    sentences: list[str] = []
    length = 0
    while length < size:
        subject = chance.choice((*PEOPLE, *(f"{person} of {place}" for person in PEOPLE[:4] for place in PLACES)))
        said = f"{subject} {chance.choice(VERBS)} on day {chance.randint(1, 30)} in {chance.choice(PLACES)}"
        what = f"{chance.choice(THINGS)} {chance.choice(ENDS)}, with {chance.randint(2, 9000)} affected"
        sentence = f"{said} that {what}."
        sentences.append(sentence[0].upper() + sentence[1:])
        length += len(sentence) + 1
    paragraphs = [" ".join(sentences[i : i + 4]) for i in range(0, len(sentences), 4)]
    return f"{chance.choice(PLACES)}: {chance.choice(THINGS)} {chance.choice(ENDS)}", paragraphs
