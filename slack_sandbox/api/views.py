"""views.*: modals that the app opens and changes."""

import copy
from typing import Any

from slack_sandbox.api.common import Answer, Args, required
from slack_sandbox.api.errors import ApiError, refused
from slack_sandbox.workspace import Workspace


def open_view(workspace: Workspace, args: Args) -> Answer:
    """views.open: a modal for whoever pulled the trigger."""
    trigger_id = required(args, "trigger_id")
    user, error = workspace.one_shots.exchange(trigger_id)
    if user is None:
        raise ApiError(error or "invalid_trigger_id")
    shape = checked(workspace, "views.open", args.get("view"))
    external_id = shape.get("external_id")
    if external_id and workspace.views.find(None, external_id):
        raise ApiError("duplicate_external_id")
    with workspace.changing():
        view = workspace.views.open(user, shape)
        return {"view": workspace.view_object(view)}


def update_view(workspace: Workspace, args: Args) -> Answer:
    """views.update: with `hash`, only if nothing changed since."""
    shape = checked(workspace, "views.update", args.get("view"))
    with workspace.changing():
        view = workspace.views.find(args.get("view_id"), args.get("external_id"))
        if view is None:
            raise ApiError("not_found")
        if args.get("hash") and args["hash"] != view.hash:
            raise ApiError("hash_conflict")
        workspace.views.update(view, shape)
        return {"view": workspace.view_object(view)}


def checked(workspace: Workspace, where: str, shape: Any) -> dict[str, Any]:
    """A view that Slack would take, as a copy of our own."""
    if not isinstance(shape, dict):
        raise ApiError("invalid_arguments", response_metadata={"messages": ["[ERROR] missing view"]})
    problems = workspace.strict.problems(where, shape, "modal")
    if any("must be smaller than" in problem for problem in problems):
        raise ApiError("view_too_large")
    if problems:
        raise refused("invalid_arguments", problems)
    return copy.deepcopy(shape)
