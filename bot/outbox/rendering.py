"""A claim becomes a message, in the state that its subject has at this moment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.cards.block_kit.message import Block, Message
from bot.clock import Clock
from bot.outbox.message_kind import Dropped, MessageKind, Partial
from bot.store.engine import Database, Unavailable
from bot.store.outbox.claim import Claim
from bot.store.outbox.state import wanted_version

MOST_BLOCKS = 50


@dataclass(frozen=True, slots=True)
class Rendered:
    """What goes out; for a card, which version of it that is.

    ``error``: why it is only the plain fallback; or, where it is ``partial``, less than all of it.
    """

    message: Message
    version: int | None
    error: Exception | None = None
    partial: bool = False

    @property
    def fingerprint(self) -> str:
        """The same for the same words and blocks."""
        payload = json.dumps([self.message.text, self.message.blocks], sort_keys=True)
        return hashlib.sha256(payload.encode()).hexdigest()


def rendered(db: Database, kinds: Mapping[str, MessageKind], clock: Clock, claim: Claim) -> Rendered | Dropped:
    """Reads and renders in one view of the database, so that a card's version and its content belong together."""
    kind = kinds[claim.kind]
    with db.reading() as session:
        version = wanted_version(session, claim.card_id)
        try:
            said = kind.render(session, claim, clock.now())
        except Unavailable:
            raise
        except Exception as error:  # whatever breaks in a template must not hold a reminder back
            return Rendered(Message(kind.fallback(claim), []), version, error)
    if isinstance(said, Partial):
        return Rendered(said.message, version, said.error, partial=True)
    return said if isinstance(said, Dropped) else Rendered(said, version)


def linked(message: Message, earlier: str | None) -> Message:
    """With a link to the message whose place it takes, where there still is one."""
    if earlier is None or len(message.blocks) >= MOST_BLOCKS:
        return message
    text = f"This replaces <{earlier}|an earlier message>."
    note: Block = {"type": "context", "block_id": "replaces", "elements": [{"type": "mrkdwn", "text": text}]}
    return Message(message.text, [*message.blocks, note])
