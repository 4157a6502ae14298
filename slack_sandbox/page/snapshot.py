"""What one person sees of the workspace, and what they may do there: the page's whole interface."""

from collections import defaultdict
from typing import Any

from slack_sandbox.connection.sending import Outcome
from slack_sandbox.conversations import Conversation, Message
from slack_sandbox.modals import View
from slack_sandbox.people import Person
from slack_sandbox.person import actions as person_actions
from slack_sandbox.person.inputs import raw_value
from slack_sandbox.person.presses import Press, press_in_message, press_in_view
from slack_sandbox.person.suggestions import suggest
from slack_sandbox.workspace import Workspace

NEWEST = 150
"""Messages of a conversation that are shown until somebody asks for earlier ones."""
FACES = 3


def snapshot(
    workspace: Workspace, user_id: str, here: str = "", thread_ts: str = "", newest: int = NEWEST
) -> dict[str, Any]:
    """Everything this person sees, as JSON; instants are ISO 8601 in UTC.

    `here` is the conversation that they look at: its `newest` messages are in `messages`, and the thread of
    `thread_ts` in `thread`. Where they cannot look there, it is the direct message with the app.
    """
    with workspace.reading():
        me = workspace.people.get(user_id)
        if me is None:
            raise KeyError(user_id)
        places = _sidebar(workspace, me)
        open_one = _here(workspace, places, me, here)
        return {
            "version": workspace.version,
            "now": workspace.now().isoformat(),
            "zone": me.tz,
            "me": {"id": me.id, "handle": me.handle, "name": me.name, "tz": me.tz},
            "people": [_person(workspace, person) for person in workspace.people.all()],
            "conversations": [_conversation(workspace, c, me) for c in places],
            **_opened(workspace, open_one, me, thread_ts, newest),
            "view": _view(workspace, me),
            "notice": workspace.notices.get(user_id),
        }


def _person(workspace: Workspace, person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "handle": person.handle,
        "name": person.name,
        "tz": person.tz,
        "bot": person.bot,
        "guest": person.guest,
        "deactivated": person.deactivated,
        "unread": sum(_unread(workspace, c, person) for c in workspace.conversations if person.id in c.members),
    }


def _sidebar(workspace: Workspace, me: Person) -> list[Conversation]:
    """The conversations they are in, and the public channels they could join."""
    return [c for c in workspace.conversations if me.id in c.members or (c.kind == "channel" and not me.guest)]


def _here(workspace: Workspace, places: list[Conversation], me: Person, asked_for: str) -> Conversation | None:
    """The conversation asked for; a newcomer, or an address from an older run, starts with the app."""
    home = workspace.conversations.direct(me.id, workspace.app.bot_user)
    return next((c for c in places if c.id == asked_for), home or next(iter(places), None))


def _conversation(workspace: Workspace, conversation: Conversation, me: Person) -> dict[str, Any]:
    with_id = next((m for m in conversation.members if m != me.id), me.id)
    peer = workspace.people.get(with_id) if conversation.kind == "dm" else None
    return {
        "id": conversation.id,
        "name": peer.name if peer else conversation.name,
        "kind": conversation.kind,
        "member": me.id in conversation.members,
        "members": len(conversation.members),
        "archived": conversation.archived,
        "unread": _unread(workspace, conversation, me),
        "read_up_to": workspace.read_up_to.get((me.id, conversation.id), ""),
        "with": peer.id if peer else None,
    }


def _unread(workspace: Workspace, conversation: Conversation, person: Person) -> int:
    """How many messages of others came since they looked; walks back from the newest."""
    last_read, count = workspace.read_up_to.get((person.id, conversation.id), ""), 0
    for message in reversed(conversation.messages):
        if message.ts <= last_read:
            break
        count += message.visible_to(person.id) and message.user != person.id
    return count


def _opened(
    workspace: Workspace, conversation: Conversation | None, me: Person, thread_ts: str, newest: int
) -> dict[str, Any]:
    if conversation is None:
        return {"here": None, "messages": [], "earlier": 0, "thread": []}
    shown, replies = [], defaultdict(list)
    for message in conversation.messages:
        if not message.visible_to(me.id):
            continue
        if message.is_reply:
            replies[message.thread_ts].append(message)
        else:
            shown.append(message)
    parent = next((m for m in shown if m.ts == thread_ts), None)
    thread = [parent, *replies[thread_ts]] if parent else []
    return {
        "here": conversation.id,
        "messages": [_message(workspace, m, replies.get(m.ts, [])) for m in shown[-newest:]],
        "earlier": max(0, len(shown) - newest),
        "thread": [_message(workspace, m, []) for m in thread],
    }


def _message(workspace: Workspace, message: Message, replies: list[Message]) -> dict[str, Any]:
    author = workspace.people.get(message.user)
    return {
        "ts": message.ts,
        "user": message.user,
        "user_name": author.name if author else message.user,
        "bot": message.bot_id is not None,
        "text": message.text,
        "blocks": message.blocks,
        "ephemeral": message.ephemeral_for is not None,
        "edited": message.edited,
        "reply_count": len(replies),
        "repliers": _names(workspace, replies)[-FACES:],
        "shown_at": message.shown_at.isoformat(),
    }


def _names(workspace: Workspace, messages: list[Message]) -> list[dict[str, Any]]:
    """Who wrote them, each once."""
    found = {m.user: workspace.people.get(m.user) for m in messages}
    return [{"id": p.id, "name": p.name, "bot": p.bot} for p in found.values() if p]


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
            return person_actions.type_message(workspace, user_id, action["channel"], action["text"], thread_ts)
        case "command":
            return person_actions.run_command(workspace, user_id, action["channel"], action["text"])
        case "press":
            return _press(workspace, user_id, action)
        case "submit":
            view = _open_view(workspace, user_id, action)
            return person_actions.submit_view(workspace, user_id, view, action.get("values") or {})
        case "close":
            return person_actions.close_view(workspace, user_id, _open_view(workspace, user_id, action))
        case "read":
            person_actions.read(workspace, user_id, action["channel"])
            return Outcome(0.0)
        case unknown:
            raise ValueError(f"There is no action {unknown!r}.")


def look_up(workspace: Workspace, user_id: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The options that the app offers for what is typed into a select of an open modal; raises as `act` does."""
    view = _open_view(workspace, user_id, asked)
    return suggest(workspace, user_id, view, asked["block_id"], asked["action_id"], asked["query"]).options


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
