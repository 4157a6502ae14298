"""What must never be read in a log is not in it."""

from __future__ import annotations

import io
import logging

import pytest

from bot import log


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
    ],
)
def test_tokens_and_response_urls_are_replaced(written: io.StringIO, secret: str) -> None:
    """Neither in our own events nor in a library's sentence."""
    log.get("test").info("sent", note=f"to {secret} now")
    logging.getLogger("library").warning("to %s now", secret)

    assert secret not in written.getvalue()
    assert "sent" in written.getvalue()


def test_license_numbers_are_hidden_by_their_key(written: io.StringIO) -> None:
    """An id says enough."""
    log.get("test").info("recorded", number="A-123456", npi="1234567893", term=12)

    assert "A-123456" not in written.getvalue()
    assert "1234567893" not in written.getvalue()
    assert "term=12" in written.getvalue()
