"""users.*: who is who."""

from slack_sandbox.api.common import Answer, Args, page, required
from slack_sandbox.api.errors import ApiError
from slack_sandbox.people import as_user
from slack_sandbox.workspace import Workspace


def _sees_email(workspace: Workspace) -> bool:
    return "users:read.email" in workspace.app.scopes


def info(workspace: Workspace, args: Args) -> Answer:
    """users.info: one account."""
    person = workspace.people.get(required(args, "user", "user_not_found"))
    if person is None:
        raise ApiError("user_not_found")
    return {"user": as_user(person, with_email=_sees_email(workspace))}


def lookup_by_email(workspace: Workspace, args: Args) -> Answer:
    """users.lookupByEmail: the active account with this e-mail."""
    person = workspace.people.with_email(required(args, "email", "users_not_found"))
    if person is None or person.bot:
        raise ApiError("users_not_found")
    return {"user": as_user(person, with_email=_sees_email(workspace))}


def list_users(workspace: Workspace, args: Args) -> Answer:
    """users.list: everybody, deactivated people and bots too."""
    found, cursor = page(workspace.people.all(), args)
    members = [as_user(person, with_email=_sees_email(workspace)) for person in found]
    return {"members": members, "response_metadata": {"next_cursor": cursor}}
