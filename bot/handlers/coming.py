"""What comes in from Slack, read once at the edge: plain text, ids, and what was typed into a form."""

from __future__ import annotations

import html
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
ADDRESSED = re.compile(r"^/?cred\b\s*", re.IGNORECASE)
ROW = re.compile(r"\d{1,15}", re.ASCII)
SPEAKING = frozenset({None, "file_share", "me_message", "thread_broadcast"})
"""A message's subtypes in which somebody speaks; all others tell of one that was edited, deleted, joined …"""
LINKED = re.compile(r"<(?:mailto:)?[^<>@|]+(?:@[^<>|]*)?\|([^<>]*)>|<((?:https?|mailto):[^<>|]*)>")


class Outdated(Exception):  # noqa: N818  (nothing is wrong)
    """A button or form of another version of the bot: what it carries names nothing of ours."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One command, message, click or submission. ``key`` is the same when Slack delivers it again."""

    kind: str
    key: str
    team_id: str
    """The workspace it came from, "" where Slack names none; whose account ``user_id`` is, it does not say."""
    user_id: str
    enterprise_id: str | None = None
    """The Enterprise Grid organization of that workspace."""
    text: str = ""
    """A command's words; mentions stand as ``<@U123>``."""
    value: str = ""
    """What the pressed button carries: a look-up key, never trusted."""
    channel: str | None = None
    response_url: str | None = None
    trigger_id: str | None = None
    view_id: str | None = None
    view_hash: str | None = None
    view: Mapping[str, Any] = field(default_factory=dict)
    """The form as it stood before the person, with what was typed."""
    thread_ts: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Look-up keys that the form was opened with."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What was typed or chosen, by field; empty fields are None."""
    retry: str = ""
    """What a button must carry to begin this again: the whole words, or ``!ACTION VALUE``."""
    reference: str = field(default_factory=lambda: secrets.token_hex(3).upper())
    """Names this request in the log, and to a person where it fails."""
    at: float = field(default_factory=time.monotonic)
    """Real time of arrival, monotonic seconds: a trigger lives three."""

    @property
    def id(self) -> int:
        """The row that a button or a chosen option names. Raises Outdated."""
        return whole(self.value)

    def chosen(self, name: str) -> int:
        """The row that was chosen in a form. Raises Outdated."""
        return whole(self.values.get(name))

    def about(self, name: str) -> int:
        """A row that the form was opened for. Raises Outdated."""
        return whole(self.meta.get(name))

    def day(self, name: str) -> date | None:
        """A date picker's day."""
        value = self.values.get(name)
        return date.fromisoformat(value) if value else None

    def typed(self, name: str) -> str | None:
        """Text as typed, trimmed; None where nothing was."""
        value = self.values.get(name)
        return value.strip() or None if isinstance(value, str) else None

    @property
    def age(self) -> float:
        return time.monotonic() - self.at


def command(body: Mapping[str, Any]) -> Coming:
    return Coming(
        kind="command",
        key=f"trigger:{body['trigger_id']}",
        team_id=body["team_id"],
        user_id=body["user_id"],
        enterprise_id=body.get("enterprise_id"),
        text=unescaped(body.get("text") or ""),
        retry=unescaped(body.get("text") or ""),
        channel=body.get("channel_id"),
        response_url=body.get("response_url"),
        trigger_id=body["trigger_id"],
    )


def said_by_a_person(event: Mapping[str, Any]) -> bool:
    """Whether a message or mention is somebody's own words: with a file, too, or sent to the channel from a thread."""
    return bool(event.get("user")) and not event.get("bot_id") and event.get("subtype") in SPEAKING


def message(body: Mapping[str, Any], bot_user: str) -> Coming:
    """The same words as after ``/cred``, in a direct message or beside a mention of the bot."""
    event = body["event"]
    said = event.get("text") or ""
    words = ADDRESSED.sub("", unescaped(re.sub(rf"<@{bot_user}(\|[^>]*)?>", " ", said)))
    direct = event.get("channel_type") == "im"
    return Coming(
        kind="message",
        key=f"event:{body['event_id']}",
        team_id=body.get("team_id") or "",
        user_id=event["user"],
        enterprise_id=body.get("enterprise_id"),
        text=words,
        retry=words,
        channel=event["channel"] if direct else None,
        thread_ts=event.get("thread_ts") if direct else None,
    )


def click(body: Mapping[str, Any]) -> Coming:
    action = body["actions"][0]
    view = body.get("view") or {}
    return Coming(
        kind="click",
        key=f"trigger:{body['trigger_id']}",
        team_id=_team(body),
        user_id=body["user"]["id"],
        enterprise_id=_enterprise(body),
        value=_value(action) or "",
        retry=f"!{action['action_id']} {_value(action) or ''}",
        channel=(body.get("channel") or {}).get("id"),
        response_url=body.get("response_url"),
        trigger_id=body["trigger_id"],
        view_id=view.get("id"),
        view_hash=view.get("hash"),
        meta=_meta(view),
        values=_values(view),
    )


def submission(body: Mapping[str, Any]) -> Coming:
    view = body["view"]
    meta = _meta(view)
    return Coming(
        kind="submission",
        key=f"form:{meta.get('n', view['id'])}",
        team_id=_team(body),
        user_id=body["user"]["id"],
        enterprise_id=_enterprise(body),
        trigger_id=body.get("trigger_id"),
        view_id=view["id"],
        view_hash=view.get("hash"),
        view=view,
        meta=meta,
        values=_values(view),
    )


def whole(said: Any) -> int:
    """A row's id as it comes back from Slack. Raises Outdated."""
    if isinstance(said, bool) or not ROW.fullmatch(str(said)):
        raise Outdated
    return int(said)


def meta(**facts: Any) -> str:
    """A form's private metadata: look-up keys, and a nonce that makes its submission one of a kind."""
    return json.dumps({"n": secrets.token_hex(8), **facts}, separators=(",", ":"))


def again(coming: Coming, **facts: Any) -> str:
    """The same form's metadata for another try: the nonce stays, since nothing was stored."""
    return json.dumps({**coming.meta, **facts}, separators=(",", ":"))


def unescaped(text: str) -> str:
    """Plain text of what Slack escaped: entities undone, links as typed, mentions kept as ``<@U123>``."""
    mentions = MENTION.sub(lambda found: f"\0{found[1]}\0", text)
    plain = LINKED.sub(lambda found: found[1] or found[2].removeprefix("mailto:"), mentions)
    return re.sub("\0([UW][A-Z0-9]+)\0", r"<@\1>", html.unescape(plain).replace("\xa0", " ")).strip()


def _team(body: Mapping[str, Any]) -> str:
    return str((body.get("team") or {}).get("id") or "")


def _enterprise(body: Mapping[str, Any]) -> str | None:
    return (body.get("enterprise") or {}).get("id") or (body.get("team") or {}).get("enterprise_id")


def _meta(view: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        read = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _values(view: Mapping[str, Any]) -> dict[str, Any]:
    state = (view.get("state") or {}).get("values") or {}
    return {block: _value(next(iter(elements.values()))) for block, elements in state.items() if elements}


def _value(element: Mapping[str, Any]) -> Any:
    for name in ("value", "selected_date", "selected_user", "selected_conversation", "selected_channel"):
        if element.get(name) is not None:
            return element[name]
    if element.get("selected_option"):
        return element["selected_option"]["value"]
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or ()]
    return None
