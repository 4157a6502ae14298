"""What the app answers outside the Web API: in an acknowledgement or to a response URL."""

from typing import Any

from slack_sandbox.api.errors import ApiError, refused
from slack_sandbox.api.views import checked
from slack_sandbox.conversations import Message
from slack_sandbox.modals import View
from slack_sandbox.one_shot import ResponseUrl
from slack_sandbox.workspace import Workspace


def command_answered(workspace: Workspace, user: str, channel: str, body: dict[str, Any]) -> None:
    """The text or blocks that came with the acknowledgement of a command."""
    if not body:
        return
    url = ResponseUrl(user, channel, expires=0)
    _say(workspace, "ack of a command", url, body)


def to_response_url(workspace: Workspace, secret: str, body: dict[str, Any]) -> None:
    """A POST to a response URL; raises `ApiError` as Slack refuses."""
    url, error = workspace.one_shots.use_response_url(secret)
    if url is None:
        raise ApiError(error or "expired_url")
    source = _source(workspace, url)
    if body.get("delete_original"):
        if source is not None:
            with workspace.changing():
                source.deleted = True
        return
    if body.get("replace_original") and source is not None:
        _replace(workspace, source, body)
    else:
        _say(workspace, "response_url", url, body)


def _source(workspace: Workspace, url: ResponseUrl) -> Message | None:
    conversation = workspace.conversations.get(url.channel)
    return conversation.find(url.message_ts) if conversation and url.message_ts else None


def _checked(workspace: Workspace, where: str, body: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    text, blocks = body.get("text"), body.get("blocks")
    if not text and not blocks:
        workspace.strict.record(where, "there is neither text nor blocks")
        raise ApiError("no_text")
    problems = workspace.strict.problems(where, {"text": text, "blocks": blocks}, "message")
    if problems:
        raise refused("invalid_blocks", problems)
    return str(text or ""), blocks or []


def _say(workspace: Workspace, where: str, url: ResponseUrl, body: dict[str, Any]) -> None:
    text, blocks = _checked(workspace, where, body)
    everyone = body.get("response_type") == "in_channel"
    message = workspace.app_message(url.channel, text, blocks, ephemeral_for=None if everyone else url.user)
    message.thread_ts = body.get("thread_ts")
    workspace.post(message)


def _replace(workspace: Workspace, source: Message, body: dict[str, Any]) -> None:
    text, blocks = _checked(workspace, "response_url", body)
    with workspace.changing():
        source.text, source.blocks, source.edited = text, workspace.with_ids(blocks), True


def submission_answered(workspace: Workspace, view: View, body: dict[str, Any]) -> None:
    """The `response_action` of a submitted modal; without one the modal closes."""
    action = body.get("response_action")
    if action == "errors":
        _show_errors(workspace, view, body.get("errors"))
    elif action in {"update", "push"}:
        shape = checked(workspace, f"response_action {action}", body.get("view"))
        with workspace.changing():
            if action == "update":
                workspace.views.update(view, shape)
            else:
                view.loading = False
                workspace.views.push(view.user, shape)
    elif action == "clear":
        with workspace.changing():
            workspace.views.clear(view.user)
    elif body:
        workspace.strict.record("ack of a submission", f"unknown answer: {sorted(body)}")
        raise ApiError("invalid_response")
    else:
        with workspace.changing():
            workspace.views.close(view)


def _show_errors(workspace: Workspace, view: View, errors: Any) -> None:
    inputs = {b["block_id"] for b in view.shape["blocks"] if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or errors.keys() - inputs:
        workspace.strict.record("response_action errors", f"not by input block: {errors!r}")
        raise ApiError("invalid_response")
    with workspace.changing():
        view.errors, view.loading = {str(k): str(v) for k, v in errors.items()}, False
