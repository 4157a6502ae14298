"""Channels, direct messages and what was said in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["channel", "private", "dm"]


@dataclass
class Message:
    """One message; `ts` is real time and its name, `shown_at` the business time it was posted."""

    ts: str
    channel: str
    user: str
    text: str
    shown_at: datetime
    bot_id: str | None = None
    blocks: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    thread_ts: str | None = None
    ephemeral_for: str | None = None
    edited: bool = False
    deleted: bool = False

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread under another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    def visible_to(self, user_id: str) -> bool:
        """Whether this member of the conversation sees it."""
        return not self.deleted and self.ephemeral_for in (None, user_id)


@dataclass
class Conversation:
    """A channel or a direct message; `members` are user ids."""

    id: str
    name: str
    kind: Kind
    members: set[str]
    archived: bool = False
    shared: bool = False
    org_shared: bool = False
    messages: list[Message] = field(default_factory=list)

    def lasting(self) -> list[Message]:
        """What everybody in it can read, oldest first."""
        return [m for m in self.messages if not m.deleted and m.ephemeral_for is None]

    def replies_to(self, ts: str) -> list[Message]:
        """The lasting replies under a message, oldest first."""
        return [m for m in self.lasting() if m.is_reply and m.thread_ts == ts]

    def find(self, ts: str) -> Message | None:
        """The message with this `ts` that has not been deleted."""
        return next((m for m in self.messages if m.ts == ts and not m.deleted), None)


class Conversations:
    """Every conversation of the workspace."""

    def __init__(self) -> None:
        self._by_id: dict[str, Conversation] = {}

    def __iter__(self) -> Iterator[Conversation]:
        return iter(list(self._by_id.values()))

    def add(self, conversation: Conversation) -> None:
        """Add a conversation under its id."""
        self._by_id[conversation.id] = conversation

    def get(self, channel_id: str) -> Conversation | None:
        """The conversation with this id."""
        return self._by_id.get(channel_id)

    def named(self, name: str) -> Conversation:
        """The channel with this name, with or without its #."""
        wanted = name.removeprefix("#")
        found = next((c for c in self if c.kind != "dm" and c.name == wanted), None)
        if found is None:
            raise KeyError(f"There is no channel #{wanted}.")
        return found

    def direct(self, one: str, other: str) -> Conversation | None:
        """The direct message between two people."""
        return next((c for c in self if c.kind == "dm" and c.members == {one, other}), None)


def as_channel(conversation: Conversation, *, viewer: str) -> dict[str, Any]:
    """A `channel` object as `conversations.info` answers it to the member `viewer`."""
    if conversation.kind == "dm":
        peer = next((m for m in conversation.members if m != viewer), viewer)
        return {"id": conversation.id, "is_im": True, "user": peer, "is_archived": False}
    private = conversation.kind == "private"
    return {
        "id": conversation.id,
        "name": conversation.name,
        "is_channel": not private,
        "is_group": private,
        "is_im": False,
        "is_mpim": False,
        "is_private": private,
        "is_archived": conversation.archived,
        "is_shared": conversation.shared or conversation.org_shared,
        "is_ext_shared": conversation.shared,
        "is_org_shared": conversation.org_shared,
        "is_member": viewer in conversation.members,
    }


def as_message(message: Message, replies: list[Message], *, with_metadata: bool) -> dict[str, Any]:
    """A `message` object as the history methods and payloads carry it."""
    shown: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
    }
    if message.bot_id is not None:
        shown["bot_id"] = message.bot_id
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.thread_ts is not None or replies:
        shown["thread_ts"] = message.thread_ts or message.ts
    if replies:
        shown["reply_count"] = len(replies)
        shown["latest_reply"] = replies[-1].ts
    if with_metadata and message.metadata is not None:
        shown["metadata"] = message.metadata
    return shown
