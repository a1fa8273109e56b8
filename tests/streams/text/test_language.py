import pytest

from streams.text.language import iso_code, language_of

SAMPLES = {
    "en": "The council of the harbour town voted on Monday to keep the last ferry running.",
    "de": "Der Rat der Hafenstadt stimmte am Montag dafür, die letzte Fähre weiter fahren zu lassen.",
    "fr": "Le conseil de la ville portuaire a voté lundi pour maintenir le dernier ferry en service.",
    "es": "El consejo de la ciudad portuaria votó el lunes a favor de mantener el último transbordador.",
    "ru": "Совет портового города проголосовал в понедельник за сохранение последнего парома.",
    "ar": "صوت مجلس المدينة الساحلية يوم الاثنين لصالح الإبقاء على العبارة الأخيرة في الخدمة",
    "zh": "港口城市的议会星期一投票决定保留最后一班渡轮，居民们说他们没有其他办法到达大陆。",
    "ja": "港町の議会は月曜日、最後のフェリーの運航を続けることを決めた。",
    "he": "מועצת עיר הנמל הצביעה ביום שני בעד המשך הפעלתה של המעבורת האחרונה.",
}


@pytest.mark.parametrize("code", SAMPLES)
def test_a_language_is_recognised(code):
    assert language_of(SAMPLES[code]).code == code


def test_a_stated_language_counts_where_the_detector_abstains():
    assert language_of("12345", "fr-CA").code == "fr"
    assert language_of("12345").code is None


def test_a_stated_language_that_the_text_denies_is_disputed():
    found = language_of(SAMPLES["de"] * 3, "en")

    assert (found.code, found.disputed) == ("de", True)


@pytest.mark.parametrize(
    ("tag", "code"), [("en-GB", "en"), ("iw", "he"), ("nb_NO", "no"), ("und", None), ("", None), (None, None)]
)
def test_a_language_tag_gives_its_code(tag, code):
    assert iso_code(tag) == code


def test_a_stated_language_settles_what_the_detector_is_not_sure_of():
    unsure = "De raad van de havenstad stemde maandag voor het behoud van de laatste veerboot."

    assert language_of(unsure, "nl").code == "nl"
    assert language_of(unsure, "nl").disputed is False
