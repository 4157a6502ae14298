"""What must never be read in a log is not in it."""

from __future__ import annotations

import io
import logging

import pytest
from sqlalchemy.exc import IntegrityError

from bot import log
from bot.store.engine import Database
from bot.store.tables import Person


@pytest.fixture
def written() -> io.StringIO:
    stream = io.StringIO()
    log.configure("INFO", stream)
    return stream


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1-abc",
        "xapp-1-A1-abc",
        "https://hooks.slack.com/commands/T1/2/abc",
        "https://hooks.slack.com/actions/T1/2/abc",
        "wss://wss-primary.slack.com/link/?ticket=abc",
        "lee@riverbend.example",
    ],
)
def test_tokens_and_response_urls_are_replaced(written: io.StringIO, secret: str) -> None:
    """Neither in our own events nor in a library's sentence."""
    log.get("test").info("sent", note=f"to {secret} now")
    logging.getLogger("library").warning("to %s now", secret)

    assert secret not in written.getvalue()
    assert "sent" in written.getvalue()


def test_a_row_that_the_database_refuses_is_not_shown(written: io.StringIO, db: Database) -> None:
    """Which constraint objected is there; the row's values are not, in no part of the traceback."""
    for person in ("Lee Chen", "Ann Other"):
        try:
            with db.writing() as session:
                session.add(Person(slack_user_id="U1", name=person, email="lee@riverbend.example"))
        except IntegrityError:
            log.get("test").exception("broke")

    told = written.getvalue()
    assert "broke" in told
    assert "slack_user_id" in told
    assert not [value for value in ("Ann Other", "Lee Chen", "U1'", "(U1)", "riverbend") if value in told]


def test_what_belongs_together_carries_one_id(written: io.StringIO) -> None:
    """Our events and a library's sentences, and nothing after it has ended."""
    with log.about(request="A1B2C3"):
        log.get("test").info("begun")
        logging.getLogger("library").warning("slow")
    log.get("test").info("later")

    assert ["request='A1B2C3'" in line for line in written.getvalue().splitlines()] == [True, True, False]


def test_license_numbers_are_hidden_by_their_key(written: io.StringIO) -> None:
    """An id says enough."""
    log.get("test").info("recorded", number="A-123456", npi="1234567893", term=12)

    assert "A-123456" not in written.getvalue()
    assert "1234567893" not in written.getvalue()
    assert "term=12" in written.getvalue()
