"""Which messages are a person speaking."""

from __future__ import annotations

from typing import Any

import pytest

from bot.handlers.dispatch.interaction import said_by_a_person


@pytest.mark.parametrize(
    ("event", "is_so"),
    [
        ({}, True),
        ({"subtype": "file_share", "files": [{"id": "F1"}]}, True),
        ({"subtype": "thread_broadcast"}, True),
        ({"subtype": "me_message"}, True),
        ({"subtype": "message_changed"}, False),
        ({"subtype": "message_deleted"}, False),
        ({"subtype": "bot_message"}, False),
        ({"bot_id": "B1"}, False),
        ({"user": None}, False),
    ],
)
def test_a_file_a_thread_and_an_act_are_words_too(event: dict[str, Any], is_so: bool) -> None:
    """With a file, sent on from a thread, or as /me; not what was edited or deleted, nor what an app says."""
    assert said_by_a_person({"type": "message", "user": "U1", "text": "queue", **event}) is is_so
