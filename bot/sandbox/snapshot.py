"""What one person sees of the workspace, and what they may do there: the page's whole interface."""

from typing import Any

from bot.sandbox import people_do
from bot.sandbox.conversations import Conversation, Message
from bot.sandbox.inputs import raw_value
from bot.sandbox.people import Person
from bot.sandbox.presses import Press, press_in_message, press_in_view
from bot.sandbox.sending import Outcome
from bot.sandbox.views import View
from bot.sandbox.workspace import Workspace


def snapshot(workspace: Workspace, user_id: str) -> dict[str, Any]:
    """Everything this person sees, as JSON; instants are ISO 8601 in UTC."""
    with workspace.reading():
        me = workspace.people.get(user_id)
        if me is None:
            raise KeyError(user_id)
        return {
            "version": workspace.version,
            "now": workspace.now().isoformat(),
            "zone": me.tz,
            "me": {"id": me.id, "handle": me.handle, "name": me.name, "tz": me.tz},
            "people": [_person(person) for person in workspace.people.all()],
            "conversations": [_conversation(workspace, c, me) for c in _sidebar(workspace, me)],
            "view": _view(workspace, me),
            "notice": workspace.notices.get(user_id),
        }


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "handle": person.handle,
        "name": person.name,
        "tz": person.tz,
        "bot": person.bot,
        "guest": person.guest,
        "deactivated": person.deactivated,
    }


def _sidebar(workspace: Workspace, me: Person) -> list[Conversation]:
    """The conversations they are in, and the public channels they could join."""
    return [c for c in workspace.conversations if me.id in c.members or (c.kind == "channel" and not me.guest)]


def _conversation(workspace: Workspace, conversation: Conversation, me: Person) -> dict[str, Any]:
    shown = [m for m in conversation.messages if m.visible_to(me.id)]
    with_id = next((m for m in conversation.members if m != me.id), me.id)
    peer = workspace.people.get(with_id) if conversation.kind == "dm" else None
    last_read = workspace.read_up_to.get((me.id, conversation.id), "")
    return {
        "id": conversation.id,
        "name": peer.name if peer else conversation.name,
        "kind": conversation.kind,
        "member": me.id in conversation.members,
        "archived": conversation.archived,
        "unread": sum(1 for m in shown if m.ts > last_read and m.user != me.id),
        "with": peer.id if peer else None,
        "messages": [_with_replies(workspace, m, shown) for m in shown if not m.is_reply],
    }


def _with_replies(workspace: Workspace, message: Message, shown: list[Message]) -> dict[str, Any]:
    replies = [_message(workspace, m) for m in shown if m.is_reply and m.thread_ts == message.ts]
    return _message(workspace, message) | {"reply_count": len(replies), "replies": replies}


def _message(workspace: Workspace, message: Message) -> dict[str, Any]:
    author = workspace.people.get(message.user)
    return {
        "ts": message.ts,
        "user": message.user,
        "user_name": author.name if author else message.user,
        "bot": message.bot_id is not None,
        "text": message.text,
        "blocks": message.blocks,
        "ephemeral": message.ephemeral_for is not None,
        "deleted": message.deleted,
        "edited": message.edited,
        "thread_ts": message.thread_ts,
        "reply_count": 0,
        "replies": [],
        "shown_at": message.shown_at.isoformat(),
    }


def _view(workspace: Workspace, me: Person) -> dict[str, Any] | None:
    view = workspace.views.top(me.id)
    if view is None:
        return None
    entered = {
        block_id: {action_id: raw_value(state) for action_id, state in actions.items()}
        for block_id, actions in view.state.items()
    }
    return workspace.view_object(view) | {
        "errors": view.errors,
        "loading": view.loading,
        "depth": workspace.views.depth(me.id),
        "entered": entered,
    }


def act(workspace: Workspace, user_id: str, action: dict[str, Any]) -> Outcome:
    """Do what a person asked for on the page; blocks until the app has acknowledged it.

    Raises `KeyError` when the thing is gone, `PermissionError` when the person may not,
    `ValueError` for an action that does not exist.
    """
    match action.get("do"):
        case "message":
            thread_ts = action.get("thread_ts")
            return people_do.type_message(workspace, user_id, action["channel"], action["text"], thread_ts)
        case "command":
            return people_do.run_command(workspace, user_id, action["channel"], action["text"])
        case "press":
            return _press(workspace, user_id, action)
        case "submit":
            view = _open_view(workspace, user_id, action)
            return people_do.submit_view(workspace, user_id, view, action.get("values") or {})
        case "close":
            return people_do.close_view(workspace, user_id, _open_view(workspace, user_id, action))
        case "read":
            people_do.read(workspace, user_id, action["channel"])
            return Outcome(0.0)
        case unknown:
            raise ValueError(f"There is no action {unknown!r}.")


def _press(workspace: Workspace, user_id: str, action: dict[str, Any]) -> Outcome:
    press = Press(action["block_id"], action["action_id"], action.get("value"), action.get("state") or {})
    if "view_id" in action:
        return press_in_view(workspace, user_id, _open_view(workspace, user_id, action), press)
    return press_in_message(workspace, user_id, action["channel"], action["ts"], press)


def _open_view(workspace: Workspace, user_id: str, action: dict[str, Any]) -> View:
    view = workspace.views.find(action["view_id"])
    if view is None or view.user != user_id:
        raise KeyError(action["view_id"])
    return view
