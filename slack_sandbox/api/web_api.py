"""The Web API: tokens, scopes, rates and faults around one function a method."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from slack_sandbox.api import chat, conversations, users, views
from slack_sandbox.api.common import Answer, Args, check_scope
from slack_sandbox.api.errors import ApiError
from slack_sandbox.workspace import Call, Workspace

JSON_ARGUMENTS = ("blocks", "view", "metadata", "attachments")


@dataclass(frozen=True)
class Method:
    """A method, the scope it needs whatever its arguments, and the kind of token it takes."""

    run: Callable[[Workspace, Args], Answer]
    scope: str | None = None
    takes: Literal["xoxb", "xapp"] = "xoxb"


@dataclass(frozen=True)
class Reply:
    """An HTTP answer: Slack says 200 to everything but too many requests."""

    body: Answer
    status: int
    headers: dict[str, str]


def _auth_test(workspace: Workspace, _args: Args) -> Answer:
    organization = {} if workspace.enterprise_id is None else {"enterprise_id": workspace.enterprise_id}
    return {
        "url": f"{workspace.base_url}/",
        "team": workspace.domain,
        "user": workspace.bot.handle,
        "team_id": workspace.team_id,
        "user_id": workspace.app.bot_user,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
        **organization,
    }


def _connections_open(workspace: Workspace, _args: Args) -> Answer:
    url = workspace.socket_url()
    if url is None:
        raise ApiError("too_many_websockets")
    return {"url": url}


METHODS: dict[str, Method] = {
    "apps.connections.open": Method(_connections_open, takes="xapp"),
    "auth.test": Method(_auth_test),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
    "chat.postMessage": Method(chat.post_message, "chat:write"),
    "chat.update": Method(chat.update, "chat:write"),
    "conversations.history": Method(conversations.history),
    "conversations.info": Method(conversations.info),
    "conversations.members": Method(conversations.members),
    "conversations.open": Method(conversations.open_direct, "im:write"),
    "conversations.replies": Method(conversations.replies),
    "users.info": Method(users.info, "users:read"),
    "users.list": Method(users.list_users, "users:read"),
    "users.lookupByEmail": Method(users.lookup_by_email, "users:read.email"),
    "views.open": Method(views.open_view),
    "views.update": Method(views.update_view),
}


def call(workspace: Workspace, name: str, token: str | None, args: Args) -> Reply:
    """Answer one call and write it down."""
    try:
        reply = _answer(workspace, name, token, args)
    except ApiError as error:
        reply = _reply(workspace, {"ok": False, "error": error.error} | error.details)
    workspace.log.append(Call(name, args, reply.body))
    return reply


def _answer(workspace: Workspace, name: str, token: str | None, args: Args) -> Reply:
    method = METHODS.get(name)
    if method is None:
        raise ApiError("unknown_method", req_method=name)
    _check_token(workspace, method, token)
    if method.scope is not None:
        check_scope(workspace, method.scope)
    wait = workspace.rates.retry_after(name, args.get("channel"))
    if wait is not None:
        return ratelimited(workspace, wait)
    return _reply(workspace, {"ok": True} | method.run(workspace, _parsed(args)))


def _check_token(workspace: Workspace, method: Method, token: str | None) -> None:
    if not token:
        raise ApiError("not_authed")
    expected = {"xoxb": workspace.app.bot_token, "xapp": workspace.app.app_token}
    if token not in expected.values():
        raise ApiError("invalid_auth")
    if token != expected[method.takes]:
        raise ApiError("not_allowed_token_type")
    if workspace.refusal is not None and method.takes == "xoxb":
        raise ApiError(workspace.refusal)


def ratelimited(workspace: Workspace, seconds: int) -> Reply:
    """429: not before `seconds` from now."""
    reply = _reply(workspace, {"ok": False, "error": "ratelimited"})
    return Reply(reply.body, 429, reply.headers | {"Retry-After": str(seconds)})


def _reply(workspace: Workspace, body: Answer) -> Reply:
    return Reply(body, 200, {"X-OAuth-Scopes": ",".join(sorted(workspace.app.scopes))})


def _parsed(args: Args) -> Args:
    """Forms carry structures as JSON in a string."""
    return {name: _structure(name, value) for name, value in args.items()}


def _structure(name: str, value: Any) -> Any:
    if name not in JSON_ARGUMENTS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ApiError("invalid_blocks_format" if name == "blocks" else "invalid_arguments") from None


def token_and_args(header: str | None, args: Mapping[str, Any]) -> tuple[str | None, Args]:
    """The token, from the header or the arguments, and the arguments without it."""
    bare = {name: value for name, value in args.items() if name != "token"}
    if header and header.lower().startswith("bearer "):
        return header[7:].strip(), bare
    return args.get("token"), bare
