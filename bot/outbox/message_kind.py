"""What delivery must know of a kind of message. The table of all kinds stands in ``registry.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.cards.block_kit.message import Message
from bot.store.outbox.claim import Claim


@dataclass(frozen=True, slots=True)
class Dropped:
    """It need not be said any more. ``why`` is kept with the message."""

    why: str


@dataclass(frozen=True, slots=True)
class Partial:
    """What could be rendered of it, which goes out; ``error`` kept the rest back."""

    message: Message
    error: Exception


Render = Callable[[Session, Claim, datetime], Message | Partial | Dropped]
"""(reading session, what is to be said, business time) -> the message in its state of this moment."""


@dataclass(frozen=True, slots=True)
class MessageKind:
    """``fallback``: plain text that goes out where ``render`` fails, so that the message is not lost with it."""

    name: str
    render: Render
    fallback: Callable[[Claim], str]
    quiet: bool = False
    """Its own failure raises no alarm: for the alarms themselves."""
