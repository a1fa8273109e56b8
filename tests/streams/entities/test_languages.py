"""The same ids in other languages, and nothing where no table has the script."""

import pytest

IRAQ, UKRAINE, IRAN, RUSSIA, ISRAEL, CHINA = "Q796", "Q212", "Q794", "Q159", "Q801", "Q148"


def ids(found) -> set[str]:
    return {entity.id for entity in found}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "El gobierno de Irak y el de Irán hablaron el lunes.", {IRAQ, IRAN}),
        ("fr", "Les soldats ont quitté l'Irak et l'Iran hier.", {IRAQ, IRAN}),
        ("de", "Die Truppen verließen den Irak und den Iran am Montag.", {IRAQ, IRAN}),
        ("de", "Russlands Armee und Irans Regierung schwiegen.", {RUSSIA, IRAN}),
        ("sv", "Rysslands armé och Irans regering.", {RUSSIA, IRAN}),
        ("pt", "O governo do Iraque reuniu-se na segunda.", {IRAQ}),
        ("it", "Le truppe hanno lasciato l'Iraq e l'Ucraina.", {IRAQ, UKRAINE}),
        ("tr", "Askerler Irak'tan ayrıldı, İsrail'e gitti.", {IRAQ, ISRAEL}),
        ("id", "Pasukan itu meninggalkan Irak dan Iran pada hari Senin.", {IRAQ, IRAN}),
        ("ar", "غادرت القوات العراق وإيران وروسيا", {IRAQ, IRAN, RUSSIA}),
        ("ar", "في زيارة للعراق ثم بالعراق", {IRAQ}),
        ("fa", "نیروها عراق و ایران را ترک کردند", {IRAQ, IRAN}),
        ("he", "הכוחות עזבו את ישראל, בישראל ולישראל", {ISRAEL}),
        ("ru", "Войска покинули Ирак, из Ирака, в Иране и России.", {IRAQ, IRAN, RUSSIA}),
        ("uk", "Війська залишили Україну, в Україні та України.", {UKRAINE}),
        ("zh", "军队离开了伊拉克和伊朗,前往中国", {IRAQ, IRAN, CHINA}),
    ],
)
def test_a_country_has_one_id_in_every_language(entities, language, text, expected):
    assert ids(entities(text, language=language)) == expected


@pytest.mark.parametrize(
    ("language", "text", "name", "surface"),
    [
        ("de", "Die Regierung der Vereinigten Staaten schwieg.", "United States", "Vereinigten Staaten"),
        ("fr", "Les houthistes ont libéré deux marins.", "Houthi movement", "houthistes"),
        ("it", "I talebani hanno chiuso le scuole.", "Taliban", "talebani"),
        ("he", 'צה"ל הודיע על התקיפה.', "Israel Defense Forces", 'צה"ל'),
        ("he", "הספינה הותקפה בים סוף.", "Red Sea", "ים סוף"),
        ("ru", "Удар по Харькову и бои у Харькова.", "Kharkiv", "Харькову"),
        ("uk", "Він прибув до Харкова.", "Kharkiv", "Харкова"),
    ],
)
def test_a_name_is_found_in_the_forms_that_a_language_gives_it(entities, language, text, name, surface):
    found = {entity.name: {mention.surface for mention in entity.mentions} for entity in entities(text, None, language)}

    assert surface in found[name]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Minister sagte am Montag, die Regierung werde den Vertrag und das Gesetz Punkt für Punkt prüfen."),
        ("am", "ጠቅላይ ሚኒስትሩ ዛሬ ተናገሩ"),
        ("hi", "प्रधानमंत्री ने आज कहा"),
        (
            None,
            "Der Minister sagte am Montag, dass die Regierung den Vertrag und das Gesetz mit dem Parlament nun Punkt "
            "für Punkt prüfen werde, bevor die Kommission im Sommer ihren Bericht der Öffentlichkeit vorlegen kann.",
        ),
    ],
)
def test_no_english_rule_fires_on_other_languages(entities, language, text):
    assert entities(text, language=language) == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "عدد كبير من الناس في إطار الاتفاق الجديد"),
        ("ar", "يشيد المدير العام بالحل في حدود الحد الأقصى للأجور"),
        ("ar", "الطبقة الوسطى ترفض الحجج الداخلة في شمال البلاد"),
        ("fa", "این کتاب خوب است و وزارت کشور در مرحله دوم بسته را اعلام کرد"),
        ("fa", "بانک مرکزی و نبرد سنگین در میان مردم عزیز"),
        ("he", "הפרת הפסקת האש בכל רחבי הארץ, לזוז קדימה עם הגנה אווירית"),
        ("ru", "Игра закончилась, а дружба осталась. Того же мнения еврейский народный театр."),
        ("zh", "沿海地区经济发展迅速,其中共有三百人,这里根本没有水"),
        ("zh", "距离五十公里海域,基金门槛降低,他信心十足,新教育政策"),
        ("th", "เลยไปที่เมือง"),
        ("fa", "آب و برق و گاز"),
        ("fa", "روز دوشنبه گفت"),
        ("ar", "عاد إلى البيت مساء"),
        ("ru", "Газ подорожал. Семь человек ждут."),
        ("tr", "Ordu ve Bakan açıkladı. Oran yükseldi. Mali destek var, dedi Bakan."),
        ("id", "Lima orang tewas. Bukan itu. Sumber: polisi."),
        ("es", "El Centro y el Norte piden calma. Resistencia hasta el final."),
        ("fr", "Marche blanche dans le Nord. Cher ami, dit-il."),
        ("de", "Der Mann nahm den Zug."),
    ],
)
def test_an_everyday_word_is_no_name(entities, language, text):
    assert [entity for entity in entities(text, language=language) if entity.type != "NORP"] == []


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("zh", "今天山东发生地震。", "Shandong"),
        ("zh", "公司在沿海地区,海地发生骚乱。", "Haiti"),
        ("ar", "في مدينة قسنطينة الجديدة", "Constantine (Algeria)"),
        ("fa", "زلزله در ارومیه و کاشان", "Urmia"),
        ("he", "שיט בנהר הפרת", "Euphrates"),
        ("tr", "Ordu'da sel, askerler Mali'ye gitti.", "Ordu"),
        ("tr", "Askerler geçen yıl Mali topraklarındaydı.", "Mali"),
        ("id", "Presiden tiba di Lima kemarin.", "Lima"),
    ],
)
def test_a_name_beside_such_a_word_is_found(entities, language, text, name):
    assert name in {entity.name for entity in entities(text, language=language)}
