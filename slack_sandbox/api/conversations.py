"""conversations.*: where the app is and what was said there."""

from slack_sandbox.api.common import Answer, Args, flag, joined, need_scope, page, required, visible
from slack_sandbox.api.errors import ApiError
from slack_sandbox.conversations import Conversation, Message, as_channel, as_message
from slack_sandbox.workspace import Workspace


def open_direct(workspace: Workspace, args: Args) -> Answer:
    """conversations.open: the direct message with one person."""
    users = required(args, "users", "users_list_not_supplied")
    person = workspace.people.get(users)
    if person is None:
        raise ApiError("user_not_found")
    if person.bot:
        raise ApiError("cannot_dm_bot")
    if person.deactivated:
        raise ApiError("user_disabled")
    return {"channel": {"id": workspace.direct_message(person.id).id}}


def info(workspace: Workspace, args: Args) -> Answer:
    """conversations.info: privacy, sharing, membership."""
    conversation = visible(workspace, required(args, "channel", "channel_not_found"))
    need_scope(workspace, conversation, "read")
    channel = as_channel(conversation, viewer=workspace.app.bot_user)
    if flag(args, "include_num_members"):
        channel["num_members"] = len(conversation.members)
    return {"channel": channel}


def members(workspace: Workspace, args: Args) -> Answer:
    """conversations.members: user ids, page by page."""
    conversation = visible(workspace, required(args, "channel", "channel_not_found"))
    need_scope(workspace, conversation, "read")
    found, cursor = page(sorted(conversation.members), args)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


def history(workspace: Workspace, args: Args) -> Answer:
    """conversations.history: newest first, without the replies in threads."""
    conversation = joined(workspace, required(args, "channel", "channel_not_found"))
    need_scope(workspace, conversation, "history")
    messages = [m for m in _between(conversation.lasting(), args) if not m.is_reply]
    return _messages(conversation, messages[::-1], args)


def replies(workspace: Workspace, args: Args) -> Answer:
    """conversations.replies: a thread from its parent on, oldest first."""
    conversation = joined(workspace, required(args, "channel", "channel_not_found"))
    need_scope(workspace, conversation, "history")
    parent = conversation.find(required(args, "ts", "thread_not_found"))
    if parent is None or parent.ephemeral_for is not None:
        raise ApiError("thread_not_found")
    thread = [parent, *_between(conversation.replies_to(parent.ts), args)]
    return _messages(conversation, thread, args)


def _between(messages: list[Message], args: Args) -> list[Message]:
    """Those from `oldest` to `latest`, the ends themselves only when `inclusive`."""
    oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "")
    inclusive = flag(args, "inclusive")
    return [
        m
        for m in messages
        if (_key(m.ts) > _key(oldest) or (inclusive and _key(m.ts) == _key(oldest)))
        and (not latest or _key(m.ts) < _key(latest) or (inclusive and _key(m.ts) == _key(latest)))
    ]


def _key(ts: str) -> tuple[int, int]:
    seconds, _, fraction = ts.partition(".")
    try:
        return int(seconds), int(fraction.ljust(6, "0")[:6] or "0")
    except ValueError:
        raise ApiError("invalid_ts_oldest") from None


def _messages(conversation: Conversation, messages: list[Message], args: Args) -> Answer:
    found, cursor = page(messages, args)
    with_metadata = flag(args, "include_all_metadata")
    answer: Answer = {
        "messages": [as_message(m, conversation.replies_to(m.ts), with_metadata=with_metadata) for m in found],
        "has_more": bool(cursor),
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})
