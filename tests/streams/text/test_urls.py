import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text.urls import canonical_url, site_of

PIECE = st.text(st.sampled_from("ab/.?&=%2Fé #:~+;'AB_-"), max_size=30)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Example.COM:80/a", "http://example.com/a"),
        ("https://example.com:443", "https://example.com/"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com/a/../b/./c//d/", "https://example.com/b/c/d"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("https://example.com/?utm_source=x&fbclid=1&b=2&a=1", "https://example.com/?a=1&b=2"),
        ("https://example.com/%7Eme/%e4", "https://example.com/~me/%E4"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://example.com/a%2Fb", "https://example.com/a%2Fb"),
        ("https://example.com/?q=a%26b+c", "https://example.com/?q=a%26b%20c"),
        (" https://example.com/a\n", "https://example.com/a"),
    ],
)
def test_an_address_has_one_form(url, canonical):
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "/relative", "mailto:a@b.c", "http://", "http://[::1", "x"]
)
def test_what_is_no_web_address_gives_none(url):
    assert canonical_url(url) is None


@pytest.mark.parametrize("name", ["id", "article", "story", "p", "page", "cid", "v"])
def test_parameters_that_may_name_the_page_stay(name):
    assert canonical_url(f"https://example.com/?{name}=7") == f"https://example.com/?{name}=7"


@given(PIECE, PIECE)
def test_a_canonical_address_is_its_own_canonical_form(path, query):
    canonical = canonical_url(f"https://example.com/{path}?{query}")

    assert canonical is None or canonical_url(canonical) == canonical


def test_a_site_is_its_host_without_www():
    assert site_of("https://www.Example.com:8080/a") == "example.com"
    assert site_of("nonsense") is None
