"""Articles in other languages: their furniture goes, their facts are read, their text stays whole."""

import pytest

from schemas.article import RawArticle
from streams.stage import Reject
from streams.stages.clean import clean

TEXTS = {
    "de": """Zum Inhalt springen
Politik
Die letzte Fähre bleibt dem Hafen
Von: Johanna Dohm
Stand: 03.03.2021, 16:30 Uhr
Der Rat der Hafenstadt hat am Montag beschlossen, die letzte Fähre zu behalten.
Lesen Sie auch: Warum so viele Fähren verschwinden
Was sie kostet
Ein Fahrschein wird zwei Taler teurer, sagte die Betreiberin nach der Sitzung.
Newsletter abonnieren
Kommentare
Impressum""",
    "nl": """Ga naar de inhoud
Nieuws
De laatste veerboot blijft varen
Door Marieke de Wit
3 maart 2021, 14:05
De gemeenteraad van de havenstad heeft maandag besloten de laatste veerboot te houden.
Meer over veerboten
Wie er nog mee vaart
Een kaartje wordt twee daalders duurder, zegt de rederij na afloop van de vergadering.
Reageer""",
    "es": """Inicio / Puertos
El último barco del puerto sigue en marcha
3 de marzo de 2021
El ayuntamiento decidió el lunes mantener el último barco, tras un debate de seis horas.
Te puede interesar
Los pescadores piden ayudas
El billete costará dos monedas más, según la empresa que lo explota desde hace años.
Comentarios""",
    "ja": """ログイン
最後の渡し船、存続へ
2021年3月3日 5時00分
港町の議会は月曜日、六時間に及ぶ審議の末に最後の渡し船を残すことを決めた。
関連記事
島の学校、来春に再開へ
切符の値段は去年より二枚分だけ高くなると運営会社は説明している。
無断転載を禁じます""",
}
KEPT = {"de": 3, "nl": 2, "es": 2, "ja": 2}


def cleaned(**content):
    [article] = clean(RawArticle(id="a", **content))
    return article


def body_of(article):
    return article.body.split("\n\n")


@pytest.mark.parametrize("language", TEXTS)
def test_of_a_half_cleaned_text_its_sentences_and_subheadings_stay(language):
    article = cleaned(text=TEXTS[language], title="最後の渡し船、存続へ" if language == "ja" else None)
    lines = TEXTS[language].split("\n")

    assert len(body_of(article)) == KEPT[language]
    assert [line for line in lines if line.endswith((".", "。"))] == [
        line for line in body_of(article) if line.endswith((".", "。"))
    ]
    assert article.language == language
    assert article.published is None or article.published.startswith("2021-03-03")


@pytest.mark.parametrize(("language", "author"), [("de", "Johanna Dohm"), ("nl", "Marieke de Wit")])
def test_a_byline_of_a_text_is_read_by_its_label(language, author):
    assert cleaned(text=TEXTS[language]).authors == (author,)


PARAGRAPHS = {
    "ar": "أعلنت سلطات الميناء صباح اليوم إغلاق الميناء أمام جميع السفن بسبب العاصفة القوية التي تضرب الساحل.",
    "zh": "历时四年建设的大桥上午正式通车,比原计划提前三个月,两岸车程将由一小时缩短至十五分钟。",
    "fr": "Le conseil de la ville a décidé lundi de garder le dernier bac, après un débat de six heures.",
    "ko": "시의회는 여섯 시간의 논의 끝에 월요일 마지막 나룻배를 계속 운항하기로 결정했다고 밝혔다.",
}


def page(title, below, language):
    text = PARAGRAPHS[language]
    return (
        f"<html lang={language}><head><title>{title}</title></head><body><article><h1>{title}</h1>{below}"
        f"<p>{text}</p><p>{text[::-1][1:][::-1]} {text}</p><p>{text} {text}</p></article></body></html>"
    )


@pytest.mark.parametrize(
    ("title", "below", "language", "author", "day"),
    [
        (
            "إغلاق الميناء بسبب العاصفة",
            "<div>كتب: سامي الحداد</div><div>15 مارس 2023</div>",
            "ar",
            "سامي الحداد",
            "2023-03-15",
        ),
        (
            "大桥提前三个月通车",
            "<div><span>2023-06-01 08:30</span> <span>作者:李文</span></div>",
            "zh",
            "李文",
            "2023-06-01",
        ),
        (
            "Le dernier bac reste en service",
            "<div>Par Élodie Garnier</div><div>8 mars 2023 à 17h42</div>",
            "fr",
            "Élodie Garnier",
            "2023-03-08",
        ),
        (
            "마지막 나룻배 계속 운항하기로",
            "<div class=byline>김민수 기자</div><p>2023년 3월 15일</p>",
            "ko",
            "김민수",
            "2023-03-15",
        ),
    ],
)
def test_author_and_day_are_read_below_the_title_in_any_script(title, below, language, author, day):
    article = cleaned(html=page(title, below, language))

    assert (article.title, article.authors, (article.published or "")[:10]) == (title, (author,), day)


def test_the_name_of_a_site_without_spaces_is_no_part_of_the_title():
    html = page("大桥提前三个月通车", "", "zh").replace("</title>", "_港湾网</title>")

    assert cleaned(html=html).title == "大桥提前三个月通车"


def test_the_day_of_an_update_is_told_from_that_of_publication_on_one_line():
    below = "<div>Publié le 8 mars 2023 à 17h42, mis à jour le 9 mars 2023 à 09h10</div>"
    article = cleaned(html=page("Le dernier bac reste en service", below, "fr"))

    assert (article.published, article.updated) == ("2023-03-08T17:42:00", "2023-03-09T09:10:00")


def test_a_page_that_was_not_found_is_no_article():
    html = "<html><title>404</title><body><p>Die gewünschte Seite wurde leider nicht gefunden.</p></body></html>"

    assert isinstance(clean(RawArticle(id="a", html=html)), Reject)
