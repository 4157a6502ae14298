"""What the Web API's methods share: arguments, conversations the app may see, pages."""

import base64
from typing import Any

from slack_sandbox.api.errors import ApiError
from slack_sandbox.conversations import Conversation
from slack_sandbox.workspace import Workspace

Args = dict[str, Any]
Answer = dict[str, Any]

DEFAULT_PAGE, LARGEST_PAGE = 100, 999


def required(args: Args, name: str, error: str | None = None) -> str:
    """A string argument that must be there."""
    value = args.get(name)
    if not isinstance(value, str) or not value:
        raise ApiError(
            error or "invalid_arguments",
            response_metadata={"messages": [f"[ERROR] missing required field: {name}"]},
        )
    return value


def flag(args: Args, name: str) -> bool:
    """A true-or-false argument, in any of the ways the SDKs write it."""
    return args.get(name) in (True, 1, "1", "true", "True")


def visible(workspace: Workspace, channel_id: str) -> Conversation:
    """A conversation the app may know of: a private one it is not in does not exist for it."""
    found = workspace.conversations.get(channel_id)
    member = found is not None and workspace.app.bot_user in found.members
    if found is None or (found.kind != "channel" and not member):
        raise ApiError("channel_not_found")
    return found


def joined(workspace: Workspace, channel_id: str) -> Conversation:
    """A conversation the app is in."""
    found = visible(workspace, channel_id)
    if workspace.app.bot_user not in found.members:
        raise ApiError("not_in_channel")
    return found


def need_scope(workspace: Workspace, conversation: Conversation, act: str) -> None:
    """Conversation methods need the scope of the conversation's kind, such as `groups:history`."""
    family = {"channel": "channels", "private": "groups", "dm": "im"}[conversation.kind]
    check_scope(workspace, f"{family}:{act}")


def check_scope(workspace: Workspace, scope: str) -> None:
    """Refuse a call for which the app was not granted the scope."""
    if scope not in workspace.app.scopes:
        provided = ",".join(sorted(workspace.app.scopes))
        raise ApiError("missing_scope", needed=scope, provided=provided)


def page(items: list[Any], args: Args) -> tuple[list[Any], str]:
    """One page of a list and the cursor of the next one, empty at the end."""
    limit = _limit(args)
    start = _position(str(args.get("cursor") or ""))
    after = start + limit
    cursor = base64.b64encode(f"next:{after}".encode()).decode() if after < len(items) else ""
    return items[start:after], cursor


def _limit(args: Args) -> int:
    try:
        limit = int(args.get("limit") or DEFAULT_PAGE)
    except ValueError:
        raise ApiError("invalid_limit") from None
    if not 1 <= limit <= LARGEST_PAGE:
        raise ApiError("invalid_limit")
    return limit


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        return int(number) if word == "next" else -1
    except ValueError:
        raise ApiError("invalid_cursor") from None
