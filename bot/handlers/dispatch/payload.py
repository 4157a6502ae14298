"""The shape of what Slack sends, checked before anything of ours or of Bolt's reads it.

Only what is read is described; everything else may be there and is left alone. Kinds that exist and that nobody here
listens to are let through, to be acknowledged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

Text = str | None
Row = dict[str, Any]
SPEAKS = frozenset({"message", "app_mention"})
UNHEARD = frozenset(
    {
        "app_rate_limited", "dialog_cancellation", "dialog_submission", "dialog_suggestion",
        "message_action", "shortcut", "view_closed", "workflow_step_edit",
    }
)  # fmt: skip
"""Kinds of payload that exist and that nobody listens to."""


class Malformed(Exception):  # noqa: N818  (what came is wrong, nothing here is)
    """What came has not the shape of anything that Slack sends. The message names the place and never the value."""


class _Read(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Named(_Read):
    id: str


class _Account(_Named):
    team_id: Text = None


class _Option(_Read):
    value: str


def _is_a_day(text: str) -> str:
    date.fromisoformat(text)
    return text


class _Element(_Read):
    """A button, or a field with what was typed or chosen."""

    value: Text = None
    selected_date: Annotated[str, AfterValidator(_is_a_day)] | None = None
    selected_user: Text = None
    selected_conversation: Text = None
    selected_channel: Text = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None


class _Pressed(_Element):
    action_id: str


class _State(_Read):
    values: dict[str, dict[str, _Element] | None] | None = None


class _View(_Named):
    hash: Text = None
    private_metadata: Text = None
    app_installed_team_id: Text = None
    state: _State | None = None
    blocks: list[Row] | None = None


class _Form(_View):
    callback_id: str


class _Payload(_Read):
    """What Bolt reads of every payload, to say where it comes from."""

    type: Text = None
    team: str | _Named | None = None
    team_id: Text = None
    enterprise: str | _Named | None = None
    enterprise_id: Text = None
    user: str | _Account | None = None
    user_id: Text = None
    channel: str | _Named | None = None
    channel_id: Text = None
    view: _View | None = None
    message: Row | None = None
    authorizations: list[Row] | None = None
    response_url: Text = None
    response_urls: list[Row] | None = None


class _Command(_Payload):
    command: str
    team_id: str
    user_id: str
    trigger_id: str
    text: Text = None


class _Click(_Payload):
    user: _Account
    team: _Named | None = None
    channel: _Named | None = None
    trigger_id: str
    actions: Annotated[list[_Pressed], Field(min_length=1)]


class _OldClick(_Payload):
    actions: Annotated[list[Row], Field(min_length=1)]


class _Suggestion(_Payload):
    user: _Account
    action_id: str
    value: Text = None


class _Submission(_Payload):
    user: _Account
    team: _Named | None = None
    trigger_id: Text = None
    view: _Form


class _Event(_Payload):
    type: str
    text: Text = None
    channel_type: Text = None
    subtype: Text = None
    bot_id: Text = None
    user_team: Text = None
    thread_ts: Text = None
    item: Row | None = None
    previous_message: Row | None = None
    assistant_thread: Row | None = None

    @model_validator(mode="after")
    def _names_whom_it_is_about(self) -> _Event:
        if self.type in SPEAKS and not (isinstance(self.channel, str) and isinstance(self.user, str | None)):
            raise ValueError("a message without its channel or its author")
        if self.type == "user_change" and not isinstance(self.user, _Named):
            raise ValueError("a changed account without its id")
        return self


class _Callback(_Payload):
    event_id: str
    event: _Event


class _Challenge(_Read):
    challenge: str


SHAPES: Mapping[str, type[BaseModel]] = dict.fromkeys(UNHEARD, _Payload) | {
    "event_callback": _Callback,
    "block_actions": _Click,
    "view_submission": _Submission,
    "interactive_message": _OldClick,
    "block_suggestion": _Suggestion,
    "url_verification": _Challenge,
}


def checked(payload: Any) -> dict[str, Any]:
    """The same payload, if it has the shape of its kind and can be written down. Raises Malformed."""
    if not isinstance(payload, dict):
        raise Malformed("no object")
    kind = payload.get("type")
    shape = _Command if "command" in payload else SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise Malformed("type")
    try:
        shape.model_validate(payload)
        json.dumps(payload, ensure_ascii=False).encode()  # half of a surrogate pair has no place in any database
    except ValidationError as error:
        raise Malformed(", ".join(sorted({str(problem["loc"][0]) for problem in error.errors()}))) from None
    except UnicodeEncodeError:
        raise Malformed("no Unicode") from None
    except RecursionError:
        raise Malformed("nested too deeply") from None
    return payload
