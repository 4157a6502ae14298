"""What admins are told when a message needs them. ``app`` says how; nothing here knows who they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sqlmodel import Session

OnAlarm = Callable[[Session, str, Mapping[str, Any]], None]
"""(session, code, facts), in the transaction that makes it so.

Codes: ``not_delivered`` (it failed: Send again or Drop), ``uncertain`` (It arrived or Send again),
``template_failed`` (its plain fallback went out), ``part_failed`` (all of it went out but what failed). Facts:
message, kind, subject, conversation, reason.
"""


class MessageIdentity(Protocol):
    """What names a message."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> int: ...
    @property
    def conversation(self) -> str: ...


def facts(said: MessageIdentity, reason: str) -> dict[str, Any]:
    return {
        "message": said.id,
        "kind": said.kind,
        "subject": said.subject,
        "conversation": said.conversation,
        "reason": reason,
    }
