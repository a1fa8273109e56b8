"""Mail, handed to a real SMTP server."""

import asyncio
import re
import socket
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Alert
from streams.errors import ConfigurationError
from streams.sinks.email import Email, EmailSettings, message
from streams.sinks.sink import Notice


class Mailbox:
    """Takes mail, unless told to answer something else."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.reply = "250 OK"
        self.refused: set[str] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.reply.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
            self.recipients.append(envelope.rcpt_tos)
        return self.reply


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def sink(mailbox: Mailbox, free_port: Callable[[], int]) -> Iterator[Callable[..., Email]]:
    """Builds a sink for a server that runs as long as the test."""
    port = free_port()

    def authenticated(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    controller = Controller(
        mailbox, "127.0.0.1", port, authenticator=authenticated, auth_require_tls=False, server_hostname="test"
    )
    controller.start()

    def build(**changes: Any) -> Email:
        known = {"type": "email", "host": "127.0.0.1", "port": port, "tls": "none", "allow_private": True}
        addresses = {"sender": "wire@news.example", "to": ["desk@news.example", "night@news.example"]}
        return Email(EmailSettings.model_validate(known | addresses | changes))

    yield build
    controller.stop()


def test_a_mail_says_what_happened_and_why(sink: Any, mailbox: Mailbox, notice: Any, sent: Any) -> None:
    assert asyncio.run(sent(sink(), notice())) is None

    [mail] = mailbox.mails
    assert mail["Subject"] == "[HIGH] troop-withdrawal: General quits base"
    assert mailbox.recipients == [["desk@news.example", "night@news.example"]]
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert "actual: The general quits the northern base." in text
    assert "https://agency.example/a?x=1&y=2" in text
    assert "agency.example, 2026-01-02" in text


def test_several_alerts_are_one_mail(sink: Any, mailbox: Mailbox, notice: Any, sent: Any) -> None:
    alerts = [notice(alert_id=str(number), title=f"Event {number}") for number in range(3)]
    assert asyncio.run(sent(sink(), *alerts)) is None

    [mail] = mailbox.mails
    assert mail["Subject"] == "3 alerts"
    assert [f"Event {number}" in mail.get_content() for number in range(3)] == [True] * 3


def test_the_same_alerts_have_the_same_message_id_and_a_story_is_a_thread(notice: Any) -> None:
    def ids(*notices: Notice) -> tuple[str, str]:
        mail = message(notices, "a@b.example", ["c@d.example"])
        return mail["Message-ID"], mail["References"]

    first, again, later = ids(notice()), ids(notice()), ids(notice(alert_id="a2"))

    assert first == again
    assert first[0] != later[0]
    assert first[1] == later[1]
    assert ids(notice(alert_id="1"), notice(alert_id="2"))[0] == ids(notice(alert_id="2"), notice(alert_id="1"))[0]


@pytest.mark.parametrize(("reply", "may_pass"), [("451 later", True), ("554 never", False)])
def test_a_refused_mail_may_pass_where_the_server_says_so(
    reply: str, may_pass: bool, sink: Any, mailbox: Mailbox, notice: Any, sent: Any
) -> None:
    mailbox.reply = reply
    failure = asyncio.run(sent(sink(), notice()))

    assert (str(failure), failure.retry) == (reply, may_pass)


def test_a_recipient_who_is_refused_is_told_of_and_the_others_have_their_mail(
    sink: Any, mailbox: Mailbox, notice: Any, sent: Any
) -> None:
    mailbox.refused = {"night@news.example"}
    failure = asyncio.run(sent(sink(), notice()))

    assert (str(failure), failure.retry) == ("1 of 2 recipients refused", False)
    assert mailbox.recipients == [["desk@news.example"]]


def test_a_password_that_is_wrong_may_be_put_right(
    sink: Any, mailbox: Mailbox, notice: Any, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "wrong")
    mail = sink(user="wire", password="env:SMTP_PASSWORD")
    failure = asyncio.run(sent(mail, notice()))
    assert str(failure).startswith("535 ")
    assert failure.retry
    assert "wrong" not in str(failure)

    monkeypatch.setenv("SMTP_PASSWORD", "right")
    assert asyncio.run(sent(mail, notice())) is None
    assert len(mailbox.mails) == 1


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(
    sink: Any, mailbox: Mailbox, notice: Any, sent: Any
) -> None:
    failure = asyncio.run(sent(sink(tls="starttls"), notice()))

    assert failure.retry
    assert "STARTTLS" in str(failure)
    assert mailbox.mails == []


def test_a_private_server_is_refused_unless_allowed(sink: Any, mailbox: Mailbox, notice: Any, sent: Any) -> None:
    failure = asyncio.run(sent(sink(allow_private=False), notice()))

    assert (failure.retry, "private address" in str(failure)) == (False, True)
    assert mailbox.mails == []


def test_no_server_may_pass(notice: Any, sent: Any, sink: Any, free_port: Any) -> None:
    failure = asyncio.run(sent(sink(port=free_port()), notice()))

    assert (str(failure), failure.retry) == ("no mail server: ConnectionRefusedError", True)


def test_a_host_that_no_name_can_be_is_a_failure_and_ends_no_process(notice: Any, sent: Any, sink: Any) -> None:
    failure = asyncio.run(sent(sink(host="a..example"), notice()))

    assert re.fullmatch(r"no mail server: Unicode\w*Error", str(failure))


def test_a_server_that_says_nothing_is_not_waited_for(notice: Any, sent: Any, sink: Any) -> None:
    before = threading.active_count()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        failure = asyncio.run(sent(sink(port=silent.getsockname()[1], timeout=0.3), notice()))

    assert failure.retry
    assert threading.active_count() <= before + 1  # the sink has one, whatever it sends


def test_a_password_must_be_there_before_anything_is_read(sink: Any) -> None:
    with pytest.raises(ConfigurationError, match="NO_SUCH_NAME"):
        asyncio.run(sink(user="wire", password="env:NO_SUCH_NAME").start())


@given(st.text(), st.text(), st.text())
def test_no_text_of_a_publisher_adds_a_header(title: str, rule: str, source: str) -> None:
    alert = Alert(
        alert_id="a", dedup_key="d", id="i", rule=rule, rule_version="1", title=title + "\r\nBcc: x@y.example",
        source=source,
    )  # fmt: skip
    mail = message([Notice(alert, b"", 0.0)], "a@b.example", ["c@d.example"])
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)

    assert read["Bcc"] is None
    assert read["To"] == "c@d.example"
