"""What Slack sends to the app, field by field."""

import secrets
import time
from typing import TYPE_CHECKING, Any

from slack_sandbox.markup import escape
from slack_sandbox.people import Person, as_user

if TYPE_CHECKING:
    from slack_sandbox.modals import View
    from slack_sandbox.workspace import Workspace


def command(
    workspace: "Workspace", user: Person, channel_id: str, *, name: str, text: str, response_url: str
) -> dict[str, Any]:
    """A slash command; every value is a string, as in a form."""
    return {
        "token": workspace.app.verification_token,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel_id,
        "channel_name": _channel_name(workspace, channel_id),
        "user_id": user.id,
        "user_name": user.handle,
        "command": name,
        "text": text,
        "api_app_id": workspace.app.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": workspace.one_shots.new_trigger(user.id),
    } | _organization(workspace)


def _organization(workspace: "Workspace") -> dict[str, str]:
    """What payloads of an Enterprise Grid workspace say besides."""
    organization = workspace.enterprise_id
    return {} if organization is None else {"enterprise_id": organization, "enterprise_name": organization}


def _channel_name(workspace: "Workspace", channel_id: str) -> str:
    conversation = workspace.conversations.get(channel_id)
    if conversation is None or conversation.kind == "dm":
        return "directmessage"
    return "privategroup" if conversation.kind == "private" else conversation.name


def _escaped(value: Any) -> Any:
    """A copy as Slack sends it back: its plain_text objects come escaped, though they were sent as they read.

    What somebody typed into an input comes as it was typed.
    """
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _escaped(item) for name, item in value.items()}
    return inner | {"text": escape(value["text"])} if value.get("type") == "plain_text" else inner


def _interaction(workspace: "Workspace", user: Person, kind: str) -> dict[str, Any]:
    organization = workspace.enterprise_id
    return {
        "type": kind,
        "team": {"id": workspace.team_id, "domain": workspace.domain} | _organization(workspace),
        "user": {
            "id": user.id,
            "username": user.handle,
            "name": user.handle,
            "team_id": user.team_id,
        },
        "api_app_id": workspace.app.app_id,
        "token": workspace.app.verification_token,
        "enterprise": None if organization is None else {"id": organization, "name": organization},
        "is_enterprise_install": False,
    }


def message_action(
    workspace: "Workspace",
    user: Person,
    channel_id: str,
    message: dict[str, Any],
    action: dict[str, Any],
    *,
    values: dict[str, Any],
    ephemeral: bool,
    response_url: str,
) -> dict[str, Any]:
    """A press in a message; Slack leaves the message out when it was ephemeral."""
    payload = _interaction(workspace, user, "block_actions") | {
        "trigger_id": workspace.one_shots.new_trigger(user.id),
        "container": {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel_id,
            "is_ephemeral": ephemeral,
        },
        "channel": {"id": channel_id, "name": _channel_name(workspace, channel_id)},
        "state": {"values": _escaped(values)},
        "response_url": response_url,
        "actions": [_escaped(action)],
    }
    if "thread_ts" in message:
        payload["container"]["thread_ts"] = message["thread_ts"]
    if not ephemeral:
        payload["message"] = _escaped(message) | {"team": workspace.team_id, "app_id": workspace.app.app_id}
    return payload


def view_action(workspace: "Workspace", user: Person, view: "View", action: dict[str, Any]) -> dict[str, Any]:
    """A press in a modal."""
    return _interaction(workspace, user, "block_actions") | {
        "trigger_id": workspace.one_shots.new_trigger(user.id),
        "container": {"type": "view", "view_id": view.id},
        "view": _escaped(workspace.view_object(view)),
        "actions": [_escaped(action)],
    }


def block_suggestion(
    workspace: "Workspace", user: Person, view: "View", *, block_id: str, action_id: str, query: str
) -> dict[str, Any]:
    """What somebody types into a modal's select whose options the app looks up."""
    return _interaction(workspace, user, "block_suggestion") | {
        "container": {"type": "view", "view_id": view.id},
        "block_id": block_id,
        "action_id": action_id,
        "value": query,
        "view": _escaped(workspace.view_object(view)),
    }


def view_submission(workspace: "Workspace", user: Person, view: "View") -> dict[str, Any]:
    """A submitted modal."""
    return _interaction(workspace, user, "view_submission") | {
        "trigger_id": workspace.one_shots.new_trigger(user.id),
        "view": _escaped(workspace.view_object(view)),
        "response_urls": [],
    }


def view_closed(workspace: "Workspace", user: Person, view: "View", *, cleared: bool = False) -> dict[str, Any]:
    """A closed modal; Slack leaves the input blocks out."""
    shape = _escaped(workspace.view_object(view))
    shape["blocks"] = [b for b in shape["blocks"] if b["type"] != "input"]
    return _interaction(workspace, user, "view_closed") | {"view": shape, "is_cleared": cleared}


def event(workspace: "Workspace", inner: dict[str, Any]) -> dict[str, Any]:
    """The envelope of an event."""
    now = time.time()
    return {
        "token": workspace.app.verification_token,
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "enterprise_id": workspace.enterprise_id,
        "api_app_id": workspace.app.app_id,
        "event": {"event_ts": f"{now:.6f}"} | inner,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": workspace.enterprise_id,
                "team_id": workspace.team_id,
                "user_id": workspace.app.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def user_change(person: Person) -> dict[str, Any]:
    """The event that tells of a changed account."""
    return {"type": "user_change", "user": as_user(person, with_email=True)}
