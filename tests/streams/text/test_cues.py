import pytest

from streams.text.cues import cue_of


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("1. Skip to content", "skip"),
        ("Main menu", "menu"),
        ("Share on Facebook", "share"),
        ("Advertisement", "advertisement"),
        ("Story continues below advertisement", "advertisement"),
        ("Read more: The ferry that never sailed", "related"),
        ("12 comments", "comments"),
        ("Edited by: Jane Doe", "editor"),
        ("By Jane Doe and John Roe", "byline"),
        ("Image: Jane Doe/AFP", "credit"),
        ("Courtesy of Example News", "source"),
        ("Sign up for our daily newsletter and never miss a story", "newsletter"),
        ("Follow Example News's live coverage of the vote", "promotion"),
        ("To learn more about republishing this content and the fees, please fill out this form.", "notice"),
        ("© 2021 Example News. All rights reserved.", "rights"),
        ("March 3, 2021", "date"),
        ("Updated at 4:05 p.m.", "updated"),
        ("3 hours ago", "date"),
        ("To see this content please enable targeting cookies.", "promotion"),
        ("Your browser does not support the audio element.", "promotion"),
        ("GET EXAMPLE BUSINESS ON THE GO BY CLICKING HERE", "related"),
        ("https://example.com/video.mp4", "related"),
        ("We encountered an issue signing you up. Please try again.", "newsletter"),
        ("Thank you for subscribing to our newsletter.", "newsletter"),
        ("Your contribution will go a long way.", "promotion"),
        ("Send your letters to letters@example.com by Friday", "promotion"),
        ("The views expressed here are the author's and not those of Example News.", "notice"),
        ("More information: J. Doe et al, Ferries of the north, Journal of Boats (2021).", "notice"),
        ("SUBMITTED PHOTO The last ferry leaves the harbour on Monday.", "credit"),
        ("The ferry leaves the harbour. It sails four times a day. Photo courtesy of Jane Doe.", "credit"),
        ("The ferry leaves the harbour. It sails four times a day. Jane Doe/Getty Images", "credit"),
        ("Ferries | Harbours | Islands | Timetable", "menu"),
        ("Eds: UPDATES with comment of the operator.", "notice"),
        ("You are receiving this email because you signed up for Example News.", "newsletter"),
        ("To continue reading this article, please sign in or subscribe.", "promotion"),
        ("Correspondent in Example Town", "byline"),
        ("Lesen Sie auch: Die Fähre, die nie fuhr", "related"),
        ("À lire aussi", "related"),
        ("Читайте также: Цены на проезд вырастут", "related"),
        ("İlgili Haberler", "related"),
        ("関連記事", "related"),
        ("Mentions légales", "menu"),
        ("Réagir à cet article", "comments"),
        ("Newsletter abonnieren", "newsletter"),
        ("Публикация подготовлена. Все права защищены.", "rights"),
        ("11/04/2023 07h52 Atualizado há um dia", "date"),
    ],
)
def test_furniture_names_itself(line, kind):
    assert cue_of(line) == kind


@pytest.mark.parametrize(
    "line",
    [
        "The advertisement that started the dispute ran on Monday.",
        "He shared the letter on Facebook, a spokeswoman said on Tuesday.",
        "By then the ferry had left, and nobody knew where it was.",
        "The newspaper will edit its newsletter in another town from May on, it said, and ten people will lose their "
        "jobs there this year.",
        "On March 3, 2021 the council met for the first time since the storm had destroyed its hall.",
        "Readers commented on the plan in large numbers.",
        "Home prices rose again in March.",
        "It was March 3, 2021.",
        "Read on, and it will be explained.",
        "Also on the agenda: the last ferry, and who is to pay for it.",
        "for more features.",
        "Picture agency is being sued by Getty Images",
        "The company competes with Getty Images and Shutterstock.",
        "The views of the islanders were heard, and the photo of the ferry was shown.",
        "The site asks its readers to enable cookies, which the council called unlawful in a letter to the ministry.",
        "Click on the map, and a picture of the ferry appears, its makers said.",
        "The choice is between a | and a comma.",
        "Die Anzeige erschien am Montag in der Zeitung, und niemand las sie.",
        "Lire aussi souvent est un luxe, a dit la maire.",
        "Par la suite, le bac a repris son service.",
        "Von Montag an fährt die Fähre wieder.",
        "Las normas del puerto no han cambiado, según el ayuntamiento.",
        "По теме переправы совет собирался трижды.",
    ],
)
def test_sentences_that_use_its_words_are_not_furniture(line):
    assert cue_of(line) is None
