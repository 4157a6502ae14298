"""What a card becomes: plain payloads that the outbox and the handlers send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
View = dict[str, Any]
"""A modal, as ``views.open`` and ``views.update`` take it."""


@dataclass(frozen=True, slots=True)
class Message:
    """``text`` is mrkdwn that carries the whole sense: screen readers and notifications get only that."""

    text: str
    blocks: list[Block]
