"""What each refusal and silence of Slack's means for a message."""

from __future__ import annotations

import http.client
import ssl
import urllib.error

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.outbox.slack_errors import (
    Gone,
    Lost,
    NoAnswer,
    NotSent,
    PassingRefusal,
    RequestRejected,
    RetryAfter,
    SlackProblem,
    from_answer,
    in_our_words,
    passes,
    used_trigger,
)


def answer(word: object, status: int = 200, headers: dict[str, str] | None = None) -> SlackResponse:
    return SlackResponse(
        client=WebClient(),
        http_verb="POST",
        api_url="x",
        req_args={},
        data={"ok": False, "error": word},
        headers=headers or {},
        status_code=status,
    )


@pytest.mark.parametrize(
    ("word", "status", "problem"),
    [
        ("is_archived", 200, Gone),
        ("user_disabled", 200, Gone),
        ("message_not_found", 200, Lost),
        ("invalid_blocks", 200, RequestRejected),
        ("hash_conflict", 200, RequestRejected),
        ("trigger_exchanged", 200, RequestRejected),
        ("channel_not_found", 200, Gone),
        ("not_in_channel", 200, Gone),
        ("a_word_of_tomorrow", 200, PassingRefusal),
        ("team_added_to_org", 200, PassingRefusal),
        ("external_channel_migrating", 200, PassingRefusal),
        ("update_failed", 200, PassingRefusal),
        ("service_unavailable", 200, NoAnswer),
        ("request_timeout", 200, NoAnswer),
        ("token_revoked", 200, NotSent),
        ("invalid_auth", 200, NotSent),
        ("account_inactive", 200, NotSent),
        ("ratelimited", 429, RetryAfter),
        ("rate_limited", 200, RetryAfter),
        ("fatal_error", 200, NoAnswer),
        ("internal_error", 500, NoAnswer),
        ("Received a response in a non-JSON format: <html>", 200, NoAnswer),
        ("", 503, NoAnswer),
    ],
)
def test_slacks_words_have_one_meaning(word: str, status: int, problem: type[SlackProblem]) -> None:
    """Each error string, with its status, is exactly one of our problems."""
    assert type(from_answer(answer(word, status))) is problem


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (urllib.error.URLError(ConnectionRefusedError()), NotSent),
        (urllib.error.URLError(ssl.SSLCertVerificationError()), NotSent),
        (urllib.error.URLError(TimeoutError()), NoAnswer),
        (TimeoutError(), NoAnswer),
        (ConnectionResetError(), NoAnswer),
        (http.client.RemoteDisconnected(), NoAnswer),
        (ValueError("no JSON"), NoAnswer),
    ],
)
def test_what_may_have_arrived_is_never_called_not_sent(error: Exception, problem: type[SlackProblem]) -> None:
    """Only what certainly never left us counts as not sent; every other silence is no answer."""
    with pytest.raises(SlackProblem) as caught, in_our_words():
        raise error

    assert type(caught.value) is problem


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("soon", 30.0), (None, 30.0)])
def test_retry_after_is_read_or_assumed(header: str | None, seconds: float) -> None:
    """A 429 says when; without a readable header half a minute is assumed."""
    headers = {"retry-after": header} if header else {}
    error = SlackApiError("", answer("ratelimited", 429, headers))

    with pytest.raises(RetryAfter) as caught, in_our_words():
        raise error

    assert caught.value.seconds == seconds


@pytest.mark.parametrize(
    ("word", "is_so"),
    [
        *[(word, True) for word in ("team_added_to_org", "external_channel_migrating", "update_failed")],
        *[(word, True) for word in ("fatal_error", "internal_error", "service_unavailable", "request_timeout")],
        ("a_word_of_tomorrow", True),
        *[(word, False) for word in ("channel_not_found", "is_archived", "not_in_channel", "invalid_blocks")],
        *[(word, False) for word in ("account_inactive", "token_revoked", "ratelimited", "")],
    ],
)
def test_what_passes_is_said_by_slack_and_no_final_word(word: str, is_so: bool) -> None:
    """Its documented passing words and those nobody knows yet; not a silence, a limit, or anything about the token."""
    assert passes(from_answer(answer(word))) is is_so


@pytest.mark.parametrize(
    ("word", "is_so"),
    [("exchanged_trigger_id", True), ("trigger_exchanged", True), ("expired_trigger_id", False)],
)
def test_a_used_trigger_is_known_by_both_spellings(word: str, is_so: bool) -> None:
    """Slack's pages spell it in two ways; one that is too old is something else."""
    assert used_trigger(from_answer(answer(word))) is is_so
