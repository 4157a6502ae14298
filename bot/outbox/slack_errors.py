"""What Slack's refusals and silences mean for a message that was on its way."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import urllib.error
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

WITHOUT_A_HEADER = 30.0
WHILE_LOCKED_OUT = 120.0

LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
UNSURE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Slack's documentation: some of the operation may have succeeded."""
LOCKED_OUT = frozenset(
    {
        "access_denied", "account_inactive", "accesslimited", "enterprise_is_restricted", "invalid_auth",
        "missing_scope", "no_permission", "not_allowed_token_type", "not_authed", "org_login_required",
        "team_access_not_granted", "token_expired", "token_revoked", "two_factor_setup_required",
    }
)  # fmt: skip
"""About our token, not about the message: it can go as soon as an admin has mended the installation."""
GONE = frozenset(
    {
        "cannot_dm_bot", "channel_is_limited_access", "channel_not_found", "ekm_access_denied", "is_archived",
        "is_inactive", "messages_tab_disabled", "method_not_supported_for_channel_type", "not_in_channel",
        "restricted_action", "restricted_action_non_threadable_channel", "restricted_action_read_only_channel",
        "restricted_action_thread_locked", "restricted_action_thread_only_channel", "team_not_found",
        "user_disabled", "user_not_found", "user_not_visible", "users_not_found",
    }
)  # fmt: skip
LOST = frozenset({"cant_update_message", "edit_window_closed", "message_not_found", "thread_not_found"})
REFUSED = frozenset(
    {
        "as_user_not_supported", "attachment_payload_limit_exceeded", "block_mismatch", "cannot_reply_to_message",
        "deprecated_endpoint", "duplicate_channel_not_found", "duplicate_external_id", "duplicate_message_not_found",
        "exchanged_trigger_id", "expired_trigger_id", "hash_conflict", "invalid_arg_name", "invalid_arguments",
        "invalid_array_arg", "invalid_attachments", "invalid_blocks", "invalid_blocks_format", "invalid_charset",
        "invalid_cursor", "invalid_form_data", "invalid_json", "invalid_limit", "invalid_metadata_format",
        "invalid_metadata_schema", "invalid_post_type", "invalid_trigger_id", "invalid_ts_latest", "invalid_ts_oldest",
        "invalid_user_combination", "json_not_object", "markdown_text_conflict", "metadata_must_be_sent_from_app",
        "metadata_too_large", "method_deprecated", "missing_post_type", "msg_blocks_too_long", "msg_too_long",
        "no_text", "not_enough_users", "not_found", "push_limit_reached", "slack_connect_canvas_sharing_blocked",
        "slack_connect_file_link_sharing_blocked", "too_many_attachments", "too_many_contact_cards", "too_many_users",
        "trigger_exchanged", "trigger_expired", "unknown_method", "users_list_not_supplied", "view_too_large",
    }
)  # fmt: skip
"""About what we sent: the same call is refused for ever."""
USED_TRIGGERS = frozenset({"exchanged_trigger_id", "trigger_exchanged"})
"""The method's page spells it one way, the guide to modals the other."""


class SlackProblem(Exception):  # noqa: N818  (what Slack says is no error of ours)
    """A call that did not do what it should. ``reason`` is Slack's word, or what the network did."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotSent(SlackProblem):
    """Nothing happened; the same call may work later. ``seconds``: not before, where it is known."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class PassingRefusal(NotSent):
    """Slack refuses for a reason that passes (``team_added_to_org`` …), or by a word that nobody here knows."""


class RetryAfter(NotSent):
    """429: this method must rest for ``seconds`` in the whole workspace."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited", seconds)


class NoAnswer(SlackProblem):
    """Time-out, 5xx, a closed connection, an unreadable answer: it may have happened."""


class Gone(SlackProblem):
    """Where it should go cannot be reached: the channel, or the person, is not there for us."""


class Lost(SlackProblem):
    """The message to change, or to reply to, is gone or closed."""


class RequestRejected(SlackProblem):
    """Slack refuses what we sent: a bug, or a handle that was used up."""


@contextmanager
def in_our_words() -> Iterator[None]:
    """Turns whatever a call of the SDK raises into one of the problems above."""
    try:
        yield
    except SlackApiError as error:
        raise from_answer(error.response) from error
    except urllib.error.URLError as error:
        what = error.reason if isinstance(error.reason, BaseException) else error
        raise (NotSent if _never_left(error.reason) else NoAnswer)(_what(what)) from error
    except (OSError, http.client.HTTPException, SlackClientError, ValueError) as error:
        raise NoAnswer(_what(error)) from error


def passes(problem: SlackProblem) -> bool:
    """Whether Slack itself said something that may be over soon; a silent Slack says nothing."""
    return isinstance(problem, PassingRefusal) or problem.reason in UNSURE


def used_trigger(problem: SlackProblem) -> bool:
    """Whether the ``trigger_id`` has opened a modal already: Slack delivered twice, and the other one was first."""
    return problem.reason in USED_TRIGGERS


def trouble_of(problem: SlackProblem) -> str | None:
    """What it says about the connection itself: ``no_answer``, ``locked_out``, or None where Slack did answer us."""
    if problem.reason in LOCKED_OUT:
        return "locked_out"
    unanswered = isinstance(problem, NoAnswer) or (type(problem) is NotSent)
    return "no_answer" if unanswered else None


def from_answer(answer: SlackResponse | Mapping[str, Any]) -> SlackProblem:
    """The problem that an answer with ``ok: false``, or no proper answer, stands for."""
    status = answer.status_code if isinstance(answer, SlackResponse) else 200
    headers = answer.headers if isinstance(answer, SlackResponse) else {}
    body = answer.data if isinstance(answer, SlackResponse) else answer
    word = str(body.get("error", "")) if isinstance(body, Mapping) else ""
    if status == http.HTTPStatus.TOO_MANY_REQUESTS or word in LIMITED:
        return RetryAfter(_seconds(headers))
    if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR or word in UNSURE or not re.fullmatch(r"[a-z_0-9]+", word):
        return NoAnswer(word or f"status {status}")
    if word in LOCKED_OUT:
        return NotSent(word, WHILE_LOCKED_OUT)
    kinds: tuple[tuple[frozenset[str], type[SlackProblem]], ...] = (
        (GONE, Gone),
        (LOST, Lost),
        (REFUSED, RequestRejected),
    )
    return next((kind(word) for words, kind in kinds if word in words), PassingRefusal(word))


def _seconds(headers: Mapping[str, Any]) -> float:
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    text = str(given[0] if isinstance(given, list) and given else given)
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else WITHOUT_A_HEADER


def _never_left(reason: object) -> bool:
    return isinstance(reason, (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError))


def _what(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]
