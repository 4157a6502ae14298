"""chat.*: what the app says."""

from typing import Any

from slack_sandbox.api.common import Answer, Args, joined, required, visible
from slack_sandbox.api.errors import ApiError, refused
from slack_sandbox.block_kit.limits import EPHEMERAL_TEXT_LIMIT, TEXT_LIMIT, UPDATE_TEXT_LIMIT
from slack_sandbox.conversations import Conversation, Message, as_message
from slack_sandbox.workspace import Workspace


def post_message(workspace: Workspace, args: Args) -> Answer:
    """chat.postMessage: to a channel, a thread, or a person (which opens the direct message)."""
    conversation = _addressed(workspace, required(args, "channel", "channel_not_found"))
    _writable(workspace, conversation)
    text, blocks = _content(workspace, "chat.postMessage", args)
    message = workspace.app_message(conversation.id, text[:TEXT_LIMIT], blocks)
    message.thread_ts = _thread(conversation, args)
    message.metadata = _metadata(args)
    posted = workspace.post(message)
    return {
        "channel": conversation.id,
        "ts": posted.ts,
        "message": as_message(posted, [], with_metadata=True),
    }


def post_ephemeral(workspace: Workspace, args: Args) -> Answer:
    """chat.postEphemeral: for one member of a conversation; it has no lasting name."""
    conversation = joined(workspace, required(args, "channel", "channel_not_found"))
    _writable(workspace, conversation)
    user = required(args, "user", "user_not_in_channel")
    if user not in conversation.members:
        raise ApiError("user_not_in_channel")
    text, blocks = _content(workspace, "chat.postEphemeral", args)
    if len(text.encode()) > EPHEMERAL_TEXT_LIMIT:
        raise ApiError("msg_too_long")
    message = workspace.app_message(conversation.id, text, blocks, ephemeral_for=user)
    message.thread_ts = _thread(conversation, args)
    return {"message_ts": workspace.post(message).ts}


def update(workspace: Workspace, args: Args) -> Answer:
    """chat.update: `text` alone removes the blocks, neither keeps both, `blocks: []` clears."""
    conversation = joined(workspace, required(args, "channel", "channel_not_found"))
    message = _own(workspace, conversation, required(args, "ts", "message_not_found"))
    if conversation.archived:
        raise ApiError("is_archived")
    said = args.get("text") is not None or args.get("blocks") is not None
    if said:
        text, blocks = _content(workspace, "chat.update", args, before=message.text)
        if len(text) > UPDATE_TEXT_LIMIT:
            raise ApiError("msg_too_long")
        with workspace.changing():
            message.text, message.blocks = text, workspace.with_ids(blocks)
    with workspace.changing():
        if args.get("metadata") is not None:
            message.metadata = _metadata(args)
        message.edited = True
    return {
        "channel": conversation.id,
        "ts": message.ts,
        "text": message.text,
        "message": as_message(message, [], with_metadata=True),
    }


def get_permalink(workspace: Workspace, args: Args) -> Answer:
    """chat.getPermalink: an address of a message; here it leads to the page."""
    conversation = visible(workspace, required(args, "channel", "channel_not_found"))
    message = conversation.find(required(args, "message_ts", "message_not_found"))
    if message is None or message.ephemeral_for is not None:
        raise ApiError("message_not_found")
    link = f"{workspace.base_url}/archives/{conversation.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={conversation.id}"
    return {"channel": conversation.id, "permalink": link}


def _addressed(workspace: Workspace, target: str) -> Conversation:
    if target[0] not in "UW":
        return joined(workspace, target)
    person = workspace.people.get(target)
    if person is None:
        raise ApiError("channel_not_found")
    if person.bot:
        raise ApiError("cannot_dm_bot")
    return workspace.direct_message(person.id)


def _writable(workspace: Workspace, conversation: Conversation) -> None:
    if conversation.archived:
        raise ApiError("is_archived")
    if conversation.kind == "dm":
        people = [workspace.people.get(member) for member in conversation.members]
        if any(person is not None and person.deactivated for person in people):
            raise ApiError("user_disabled")


def _content(workspace: Workspace, method: str, args: Args, *, before: str = "") -> tuple[str, list[dict[str, Any]]]:
    """Text and blocks after all checks."""
    text, blocks = args.get("text"), args.get("blocks")
    if blocks is not None and not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    if not text and not blocks and not (before and blocks == []):
        raise ApiError("no_text")
    problems = workspace.strict.problems(method, {"text": text, "blocks": blocks}, "message")
    if problems:
        raise refused("invalid_blocks", problems)
    return str(text or before), blocks or []


def _thread(conversation: Conversation, args: Args) -> str | None:
    thread_ts = args.get("thread_ts")
    if not thread_ts:
        return None
    parent = conversation.find(str(thread_ts))
    if parent is None or parent.is_reply or parent.ephemeral_for is not None:
        raise ApiError("thread_not_found")
    return parent.ts


def _metadata(args: Args) -> dict[str, Any] | None:
    metadata = args.get("metadata")
    if not metadata:
        return None
    sound = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
    if not sound or not metadata.get("event_type"):
        raise ApiError("invalid_metadata_format")
    return dict(metadata)


def _own(workspace: Workspace, conversation: Conversation, ts: str) -> Message:
    message = conversation.find(ts)
    if message is None or message.ephemeral_for is not None:
        raise ApiError("message_not_found")
    if message.bot_id != workspace.app.bot_id:
        raise ApiError("cant_update_message")
    return message
