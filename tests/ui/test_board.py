"""The board in a browser, as a person meets it."""

import asyncio
import shutil
import threading
from concurrent.futures import Future
from datetime import UTC, datetime

import pytest
from aiohttp import web

from schemas.alert import Alert, Evidence, Member, Modality
from schemas.article import EnrichedArticle, Verdict
from streams.board.board import Board
from streams.board.server import BoardServer

pytestmark = [
    pytest.mark.ui,
    pytest.mark.skipif(shutil.which("chromedriver") is None, reason="Chromium is not installed: `make test-ui`"),
]
webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: `make test-ui`")
waiting = pytest.importorskip("selenium.webdriver.support.wait")
# what selenium leaves to the garbage collector
pytestmark.append(pytest.mark.filterwarnings("ignore::ResourceWarning"))

SECONDS = 20
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SAYS = "Troops left Niger."


@pytest.fixture(scope="module")
def chromium():
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for word in ("headless", "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking"):
        options.add_argument(f"--{word}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    started = webdriver.Chrome(options=options, service=service)
    yield started
    started.quit()


@pytest.fixture
def board():
    return Board()


@pytest.fixture
def address(board):
    """Where the board is served, from a thread of its own."""
    told: Future[str] = Future()
    stop = asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve():
        runner = web.AppRunner(BoardServer(board).application(), shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        told.set_result(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    yield told.result(SECONDS)
    loop.call_soon_threadsafe(stop.set)
    thread.join(SECONDS)
    loop.close()


@pytest.fixture
def page(chromium, address):
    """The board in a browser, live; nothing it does may be an error or against its policy."""
    chromium.get("about:blank")
    chromium.get_log("browser")
    chromium.get(address)
    page = Page(chromium)
    page.comes(lambda: page.text("#state") == "live")
    yield page
    assert [entry for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"] == []


class Page:
    """What is in the browser now."""

    def __init__(self, browser):
        self.browser = browser

    def all(self, selector):
        shown = "[...document.querySelectorAll(arguments[0])].filter(each => each.checkVisibility())"
        return self.browser.execute_script(f"return {shown}.map(each => each.innerText)", selector)

    def text(self, selector):
        return next(iter(self.all(selector)), None)

    def comes(self, condition):
        waiting.WebDriverWait(self.browser, SECONDS, poll_frequency=0.05).until(lambda _: condition())

    def press(self, keys):
        webdriver.ActionChains(self.browser).send_keys(keys).perform()


def article(name, story="a-story", **changes):
    return EnrichedArticle(id=name, title=f"Title of {name}", body=SAYS, story=story, first_seen=NOW, **changes)


def alert(name="first", story="a-story", **changes):
    found = Evidence(
        field="body", start=0, end=11, text=SAYS[:11], sentence=SAYS, sentence_start=0, sentence_end=len(SAYS),
        modality=Modality.ACTUAL, members=(Member(start=7, end=11, text="left", term="leave"),),
    )  # fmt: skip
    fields = {"title": f"Title of {name}", "severity": "high", "modality": Modality.ACTUAL, "first_seen": NOW}
    return Alert(
        alert_id=f"alert-{name}", dedup_key="k", id=name, rule="troop-withdrawal", rule_version="1", story=story,
        evidence=(found,), **{**fields, **changes},
    )  # fmt: skip


def test_an_alert_comes_without_a_reload_with_what_matched_marked(page, board):
    board.take(article("first"))
    board.take(alert())

    page.comes(lambda: page.text(".sentence") == SAYS)
    assert page.all(".sentence mark") == ["left"]
    assert page.text(".rule") == "troop-withdrawal actual"


def test_markup_of_a_publisher_is_shown_and_not_run(page, board):
    title = "<img src=x onerror=document.title='run'><script>document.title='run'</script>"
    board.take(alert(title=title, url="javascript:document.title='run'"))

    page.comes(lambda: page.text(".title") == title)
    page.press("j\ue007")
    page.comes(lambda: page.text(".whole"))
    assert page.browser.title == "wirewatch"
    assert page.browser.find_elements("css selector", "main img, main script, main a") == []


def test_a_story_is_opened_by_keyboard_and_its_copies_are_folded(page, board):
    board.take(article("first", url="https://paper.example/first"))
    board.take(article("copy", verdict=Verdict.EXACT, duplicate_of="first"))
    board.take(alert())
    page.comes(lambda: page.text(".line"))

    page.press("j\ue007")

    page.comes(lambda: page.text("summary") == "1 copy")
    links = [each.get_attribute("href") for each in page.browser.find_elements("css selector", ".whole a")]
    assert links == ["https://paper.example/first"]
    assert page.browser.current_url.endswith("#a-story")
    page.press("\ue00c")
    page.comes(lambda: not page.text(".whole"))


def test_while_somebody_reads_what_is_new_waits_for_a_word(page, board):
    board.take(alert())
    page.comes(lambda: page.text(".line"))
    page.press("j\ue007")
    page.comes(lambda: page.text(".whole"))

    board.take(alert("second", story="another"))

    page.comes(lambda: page.text("#more") == "1 story new or changed")
    assert len(page.all(".story")) == 1
    page.press(".")
    page.comes(lambda: page.all(".title") == ["Title of second", "Title of first"])


def test_stories_without_an_alert_are_shown_when_asked_for_and_filtered_by_words(page, board):
    board.take(article("quiet", story="quiet"))
    board.take(alert())
    page.comes(lambda: page.all(".title") == ["Title of first"])

    page.press("a")
    page.comes(lambda: sorted(page.all(".title")) == ["Title of first", "Title of quiet"])
    page.press("/withdrawal")
    page.comes(lambda: page.all(".title") == ["Title of first"])
    page.press(" nowhere")
    page.comes(lambda: page.text("#none") == "Nothing here has these words.")


def test_a_link_leads_to_its_story_also_after_that_has_merged(chromium, address, board):
    board.take(article("old", story="old"))
    board.take(article("both", story="a-story", story_merged=("old",)))
    chromium.get(f"{address}#old")
    page = Page(chromium)

    page.comes(lambda: page.all(".whole h2"))
    assert chromium.current_url.endswith("#a-story")


def test_stories_that_merge_under_a_reader_become_one(page, board):
    board.take(alert("first", story="old"))
    board.take(alert("second", story="a-story"))
    page.comes(lambda: len(page.all(".story")) == 2)

    board.take(article("both", story="a-story", story_merged=("old",)))

    page.comes(lambda: len(page.all(".story")) == 1)
