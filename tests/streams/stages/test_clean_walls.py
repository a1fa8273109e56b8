"""Texts and pages that are no article, and articles that only look like one of them."""

import tomllib
from pathlib import Path

import pytest

from schemas.article import Flag, RawArticle
from streams.stage import Reason, Reject
from streams.stages.clean import clean

WALLS = {
    Reason.BOT_CHECK: [
        "Just a moment...\n\nPlease verify that you are human by completing the security check.\n\nRay ID: 7a3f",
        "Are you a robot?\n\nWe have detected unusual traffic from your network. Please complete the captcha "
        "to continue.",
        "Access to this page has been denied because we believe you are using automated tools.\n\n"
        "Please make sure that you enable JavaScript and cookies and that you are not a bot.",
    ],
    Reason.ERROR_PAGE: [
        "404\n\nPage not found\n\nSorry, the page you were looking for does not exist. Go back to the home page.",
        "Oops! Something went wrong.\n\nThe server encountered an internal error. Please try again later.",
        "This article is no longer available.\n\nThe page you requested has been removed. Try searching or "
        "return to home.",
    ],
    Reason.COOKIE_WALL: [
        "We and our partners use cookies and similar technologies to store and access information on a device and to "
        "process personal data for personalised ads and content.\n\nYou can manage your choices or withdraw "
        "your consent "
        "at any time in our privacy policy.\n\nAccept all\n\nReject all",
    ],
    Reason.PAYWALL: [
        "Subscribe to continue reading\n\nAlready a subscriber? Log in to continue.\n\nGet unlimited digital "
        "access for "
        "$1 a week. Cancel at any time.\n\nThis article is for subscribers only.",
    ],
    Reason.AGE_GATE: [
        "Are you over 18?\n\nThis page has material that is not suitable for minors. Please confirm your age to "
        "continue.\n\nYes, I am 18 or older\n\nNo, take me back",
        "Sind Sie mindestens 18 Jahre alt?\n\nDiese Inhalte sind für Jugendliche nicht geeignet. Bitte bestätigen Sie "
        "Ihr Alter.\n\nJa, ich bin über 18\n\nNein, zurück",
    ],
    Reason.AUTHOR_PAGE: [
        "Jane Doe is a reporter for the business desk who covers shipping. She joined the paper in 2015. "
        "Her work has appeared in several magazines. She lives in Springfield.",
    ],
}  # fmt: skip
NEAR_MISSES = {
    "two sentences of wire copy": "SPRINGFIELD (AP) - The ferry to the island sank on Monday. All 40 people "
        "aboard were "
    "rescued, the coast guard said.",
    "an article on cookies": "The regulator fined the retailer two million euros for its cookie banner on Monday.\n\n"
    "The company had stored cookies before visitors gave consent, the regulator said after an inquiry of two years.\n\n"
    "The retailer said it would appeal. Its shares fell 3 percent in early trading, while those of a rival rose.\n\n"
    "Consumer groups had complained about the practice in 2019, when the shop opened its second warehouse.",
    "an article on robots": "A robot that climbs walls was shown at the fair in the harbour town on Tuesday.\n\n"
    "Its makers say it can inspect bridges at a tenth of the cost, and that three cities have ordered one each.\n\n"
    "Engineers at the university doubt that it would stand a storm, according to a report published last month.",
    "an article on an outage": "The railway's website was down for four hours on Friday, leaving travellers at a page "
    "that said it could not be found.\n\nThe operator blamed a failed update. Trains ran as planned, a "
        "spokeswoman said, "
    "and tickets were sold at the counters.\n\nIt was the third outage this year.",
    "a notice of who may come": "You must be over 18 to see the show, and the box office will check your age. If you "
    "cannot come, please return your ticket by Friday.",
    "news of age checks": "Visitors to gambling sites will have to prove that they are over 18 from July, the "
    "regulator said on Monday. Sites that do not check the age of their users face fines.",
    "an obituary of a reporter": "The reporter who uncovered the harbour scandal died on Sunday, her family "
        "said. She was 81.\n\n"
    "Her articles led to the fall of two mayors in 1979. The council ordered flags to be flown at half mast.\n\n"
    "Hundreds of residents gathered at the pier on Monday evening to remember her.",
}  # fmt: skip


@pytest.mark.parametrize(("reason", "text"), [(reason, text) for reason, texts in WALLS.items() for text in texts])
def test_a_wall_is_rejected_as_what_it_is(reason, text):
    outcome = clean(RawArticle(id="a", text=text))

    assert isinstance(outcome, Reject), outcome[0].body
    assert outcome.reason is reason


@pytest.mark.parametrize(("reason", "text"), [(reason, text) for reason, texts in WALLS.items() for text in texts])
def test_a_wall_that_is_a_page_is_rejected_as_what_it_is(reason, text):
    body = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
    page = f"<html><head><title>Example</title></head><body><main>{body}</main></body></html>"
    outcome = clean(RawArticle(id="a", html=page))

    assert isinstance(outcome, Reject), outcome[0].body
    assert outcome.reason is reason


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_an_article_about_the_matter_of_a_wall_is_an_article(name):
    [article] = clean(RawArticle(id="a", text=NEAR_MISSES[name]))

    assert article.body == NEAR_MISSES[name]


def test_a_list_of_links_is_no_article():
    links = "".join(
        f'<p><a href="/story/{number}">Council votes on item number {number}</a></p>' for number in range(20)
    )
    outcome = clean(RawArticle(id="a", html=f"<html><body><main>{links}</main></body></html>"))

    assert isinstance(outcome, Reject)
    assert outcome.reason is Reason.LINK_LIST


def test_an_empty_shell_is_no_article():
    outcome = clean(RawArticle(id="a", html="<html><body><div id=root></div><script>start()</script></body></html>"))

    assert outcome == Reject(Reason.EMPTY_SHELL, "no line of it reads as an article")


def test_the_readable_part_before_a_paywall_is_kept_and_flagged():
    text = NEAR_MISSES["an article on robots"] + (
        "\n\nSubscribe to continue reading\n\nAlready a subscriber? Log in\n\nGet unlimited digital access "
        "for $1 a week"
    )
    [article] = clean(RawArticle(id="a", text=text))

    assert article.body == NEAR_MISSES["an article on robots"]
    assert Flag.PARTIAL in article.flags


SAMPLES = tomllib.loads((Path(__file__).parents[3] / "tools" / "walls.toml").read_text("utf-8"))


def texts_of(group):
    return [
        (entry.get("reason"), text.strip())
        for entry in SAMPLES[group]
        if not entry.get("pages")
        for text in entry["texts"].split("\n-----\n")
    ]


@pytest.mark.parametrize(("reason", "text"), texts_of("wall"))
def test_samples_of_walls_are_rejected(reason, text):
    assert isinstance(clean(RawArticle(id="a", text=text)), Reject)


@pytest.mark.parametrize(("_", "text"), texts_of("item"))
@pytest.mark.parametrize("title", [None, "first sentence"])
def test_samples_of_short_items_are_articles(_, text, title):
    outcome = clean(RawArticle(id="a", text=text, title=title and text.split(". ")[0]))

    assert not isinstance(outcome, Reject), outcome


def test_a_quotation_of_a_company_is_no_wall():
    text = "“An agreement with our partners on your consent is one element of many,” a spokeswoman said on Monday."

    assert not isinstance(clean(RawArticle(id="a", text=text)), Reject)


def test_a_consent_form_inside_a_text_is_dropped():
    form = (
        "When you visit our website, we and our partners store cookies on your browser to collect personal data for "
        "personalised ads. You can accept all of them or manage your choices in our privacy policy."
    )
    text = NEAR_MISSES["an article on robots"]
    [article] = clean(RawArticle(id="a", text=f"{text}\n\n{form}\n\nAdvertisement"))

    assert article.body == text


def test_a_biography_at_the_end_of_a_text_is_dropped():
    text = NEAR_MISSES["an article on robots"]
    who = "Jane Doe is a freelance writer who covers machines, and has written for several magazines of the coast."
    [article] = clean(RawArticle(id="a", text=f"{text}\n\n{who}\n\nAdvertisement"))

    assert article.body == text


@pytest.mark.parametrize(("sentences", "partial"), [(1, True), (12, False)])
def test_a_page_that_is_not_free_is_partial_only_where_its_text_is_short(sentences, partial):
    linked = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    body = "".join(
        f"<p>In step {number} of the plan the ferry is to be repaired, and the harbour dredged, and the lamps along "
        "the quay changed, according to the council of the town.</p>"
        for number in range(sentences)
    )
    [article] = clean(RawArticle(id="a", html=f"<html><head>{linked}</head><body><main>{body}</main></body></html>"))

    assert (Flag.PARTIAL in article.flags) is partial


def front_page(form):
    headlines = [f"Council votes on item number {number} of the list" for number in range(20)]
    teaser = "A short teaser that goes on for a little while about the matter, and ends here with a full stop."
    items = "".join(form.format(headline=headline, teaser=f"{headline[17:31]}: {teaser}") for headline in headlines)
    head = "<html lang=en><head><title>Example News</title></head><body><nav><a href=/>Home</a></nav>"
    return f"{head}{items}</body></html>"


@pytest.mark.parametrize(
    "form",
    [
        "<div><h3><a href=/a>{headline}</a></h3></div>",
        "<article><h3><a href=/a>{headline}</a></h3><time>2h ago</time></article>",
        "<article><h3><a href=/a>{headline}</a></h3><p>{teaser}</p></article>",
        "<a href=/a><div><h3>{headline}</h3><p>{teaser}</p></div></a>",
    ],
)
def test_a_front_page_is_a_list_of_links_however_it_is_marked_up(form):
    outcome = clean(RawArticle(id="a", html=front_page(form)))

    assert isinstance(outcome, Reject)
    assert outcome.reason is Reason.LINK_LIST


def test_a_text_whose_headings_are_links_is_no_list_of_links():
    told = "It was a long evening in the town hall, and nobody had expected that it would end like this. "
    form = "<h3><a href=/a>{headline}</a></h3><p>{teaser}</p><p>" + told * 2 + "</p>"

    assert isinstance(clean(RawArticle(id="a", html=front_page(form))), list)
