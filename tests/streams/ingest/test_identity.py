from hypothesis import given
from hypothesis import strategies as st

from schemas.feed import FeedState
from streams.ingest.document import Document, Entry
from streams.ingest.identity import MOST_SEEN, article_of, news, plain_title

NEVER_READ = FeedState(id="a-feed")
NAMES = st.sampled_from([None, "1", "2", "3", "4"])
ENTRIES = st.lists(
    st.builds(
        lambda guid, link, text: Entry(guid=guid, url=link and f"https://example.org/{link}", title=text),
        NAMES,
        NAMES,
        st.sampled_from(["a", "b", "c"]),
    ),
    max_size=8,
)


def after(document, state=NEVER_READ):
    found = news(document, state)
    return state.model_copy(update={"seen": found.seen, "by_link": found.by_link})


@given(ENTRIES, st.randoms(use_true_random=False))
def test_what_has_been_seen_is_not_new_again_in_whatever_order_it_comes(entries, chance):
    state = after(Document(entries=tuple(entries)))
    told_apart = list(dict.fromkeys((entry.guid, entry.url, entry.title) for entry in entries))
    shuffled = [Entry(guid=guid, url=url, title=title) for guid, url, title in told_apart]
    chance.shuffle(shuffled)
    state = after(Document(entries=tuple(shuffled)), state)

    assert news(Document(entries=tuple(shuffled)), state).fresh == ()


@given(ENTRIES)
def test_a_document_read_twice_brings_nothing_the_second_time(entries):
    document = Document(entries=tuple(entries))

    assert news(document, after(document)).fresh == ()


def test_new_entries_come_oldest_first(document, entry):
    assert [each.guid for each in news(document(entry(3), entry(2), entry(1)), NEVER_READ).fresh] == ["g1", "g2", "g3"]


def test_a_changed_guid_makes_no_new_article_where_the_link_is_known(document, entry):
    state = after(document(entry(1), entry(2)))
    moved = [
        entry(n, guid=f"https://example.org/?p={n}", url=f"https://EXAMPLE.org/{n}?utm_source=rss") for n in (1, 2)
    ]

    found = news(document(*moved, entry(3)), state)

    assert [each.title for each in found.fresh] == ["Title 3"]
    assert found.new == 1


def test_a_guid_that_names_two_entries_is_believed_no_more(document, entry):
    page = document(entry(1, guid="same"), entry(2, guid="same"))

    assert (news(page, NEVER_READ).new, after(page).by_link) == (2, True)
    assert news(document(entry(3, guid="same")), after(page)).new == 1


def test_entries_that_share_a_link_are_told_apart_by_guid_and_have_ids_of_their_own(document, entry, feed):
    page = document(*(entry(n, url="https://example.org/live") for n in (1, 2)))

    found = news(page, NEVER_READ)
    articles = [article_of(each, feed, page, backlog=False, shared=found.shared) for each in found.fresh]

    assert len({article.id for article in articles}) == 2
    assert {article.url for article in articles} == {"https://example.org/live"}


def test_links_to_the_front_page_name_no_article(document, entry):
    state = after(document(entry(1, url="https://www.example.org/"), link="https://www.example.org"))

    assert news(document(entry(2, url="https://www.example.org/"), link="https://www.example.org"), state).fresh


def test_a_changed_text_is_another_version_and_changed_markup_is_not(document, entry):
    state = after(document(entry(1, summary="<p>It met.</p>"), entry(2)))
    tracked = entry(1, summary='<p class="x">It  met.</p><img src="https://t.example/2">')

    assert news(document(tracked, entry(2)), state).fresh == ()
    assert len(news(document(entry(1, summary="It has met."), entry(2)), state).fresh) == 1


def test_when_every_text_changes_at_once_the_template_has(document, entry):
    state = after(document(*map(entry, range(10))))
    changed = [entry(n, summary=f"Text {n}. Share this!") for n in range(10)]

    found = news(document(entry(11), *changed), state)

    assert [each.guid for each in found.fresh] == ["g11"]
    assert news(document(entry(11), *changed), after(document(entry(11), *changed), state)).fresh == ()


def test_an_entry_that_left_the_feed_and_comes_back_is_known(document, entry):
    state = after(document(entry(2)), after(document(entry(1))))

    assert news(document(entry(1)), state).fresh == ()


def test_only_so_much_is_remembered(document, entry):
    state = NEVER_READ
    for start in range(0, 3 * MOST_SEEN, 500):
        state = after(document(*(entry(n) for n in range(start, start + 500))), state)

    assert len(state.seen) <= MOST_SEEN + 1000


def test_an_article_has_what_the_feed_says_of_it(document, entry, feed):
    page = document(entry(1, title="Troops &amp; tanks", published="2024-01-05"), language="fr")

    article = article_of(page.entries[0], feed, page, backlog=True, shared=frozenset())

    said = (article.title, article.html, article.published, article.language, article.source, article.feed)
    assert said == ("Troops & tanks", "Text 1.", "2024-01-05", "fr", "example.org", "a-feed")
    assert (article.guid, article.url, article.backlog) == ("g1", "https://example.org/1", True)


def test_a_headline_alone_is_its_own_text(document, entry, feed):
    page = document(entry(1, summary=""))

    assert article_of(page.entries[0], feed, page, backlog=False, shared=frozenset()).text == "Title 1"


def test_the_same_page_in_two_feeds_is_one_article(document, entry, feed):
    other = feed.model_copy(update={"id": "other", "url": "https://other.example/feed"})
    page = document(entry(1))

    ids = {article_of(page.entries[0], each, page, backlog=False, shared=frozenset()).id for each in (feed, other)}

    assert len(ids) == 1


def test_a_title_keeps_what_only_looks_like_markup():
    assert plain_title("History of the &lt;blink&gt; tag, <i>told</i>") == "History of the <blink> tag, told"
