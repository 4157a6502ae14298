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

from bot import log
from bot.cards.block_kit.inputs import field_of
from bot.rules.dates import EARLIEST, read_date
from bot.rules.parsing.legible import legible
from bot.rules.parsing.mentions import MENTION
from bot.rules.refusals import Invalid

ADDRESSED = re.compile(r"^/?cred\b\s*", re.IGNORECASE)
ROW = re.compile(r"\d{1,10}", re.ASCII)
LAST_ROW = 2**31 - 1
"""What a column of row ids holds, on either database."""
SPEAKING = frozenset({None, "file_share", "me_message", "thread_broadcast"})
"""A message's subtypes in which somebody speaks; all others tell of one that was edited, deleted, joined …"""
LINKED = re.compile(r"<(?:mailto:)?[^<>@|]+(?:@[^<>|]*)?\|([^<>]*)>|<((?:https?|mailto):[^<>|]*)>")


class Outdated(Exception):  # noqa: N818  (nothing is wrong)
    """A button or form of another version of the bot: what it carries names nothing of ours."""


@dataclass(frozen=True, slots=True)
class Interaction:
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
    pickers: frozenset[str] = frozenset()
    """The fields that are date pickers."""
    retry: str = ""
    """What a button must carry to begin this again: the whole words, or ``!ACTION VALUE``."""
    reference: str = field(default_factory=log.new_reference)
    """Names this request in the log, and to a person where it fails."""
    at: float = field(default_factory=time.monotonic)
    """Real time of arrival, monotonic seconds: a trigger lives three."""

    @property
    def delivery(self) -> str:
        """The same for this command, click or submission alone, when Slack delivers it again."""
        return self.trigger_id or self.key

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

    def chosen_or_none(self, name: str) -> int | None:
        """The same, where a form may be sent without a choice; 0 stands for none. Raises Outdated."""
        return whole(self.values.get(name) or 0) or None

    def day(self, name: str) -> date | None:
        """A date picker's day; ``wrong_days`` names those that no file can hold, before anybody asks for one."""
        value = self.values.get(name)
        return date.fromisoformat(value) if value else None

    def wrong_days(self) -> list[Invalid]:
        """The date pickers whose day is none, or lies where no file reaches."""
        read = ((name, value) for name, value in self.values.items() if name in self.pickers and value)
        found = (read_date(value, EARLIEST, name) for name, value in read)
        return [problem for problem in found if isinstance(problem, Invalid)]

    def typed(self, name: str) -> str | None:
        """Text as typed, trimmed; None where nothing was."""
        value = self.values.get(name)
        return value.strip() or None if isinstance(value, str) else None

    @property
    def age(self) -> float:
        return time.monotonic() - self.at


def command(body: Mapping[str, Any]) -> Interaction:
    words = unescaped(body.get("text") or "")
    return Interaction(
        kind="command",
        key=f"trigger:{body['trigger_id']}",
        team_id=body["team_id"],
        user_id=body["user_id"],
        enterprise_id=body.get("enterprise_id"),
        text=words,
        retry=words,
        channel=body.get("channel_id"),
        response_url=body.get("response_url"),
        trigger_id=body["trigger_id"],
    )


def said_by_a_person(event: Mapping[str, Any]) -> bool:
    """Whether a message or mention is somebody's own words: with a file, too, or sent to the channel from a thread."""
    return bool(event.get("user")) and not event.get("bot_id") and event.get("subtype") in SPEAKING


def message(body: Mapping[str, Any], bot_user: str) -> Interaction:
    """The same words as after ``/cred``, in a direct message or beside a mention of the bot."""
    event = body["event"]
    said = event.get("text") or ""
    words = ADDRESSED.sub("", unescaped(re.sub(rf"<@{bot_user}(\|[^<>]*)?>", " ", said)))
    direct = event.get("channel_type") == "im"
    return Interaction(
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


def click(body: Mapping[str, Any]) -> Interaction:
    action = body["actions"][0]
    view = body.get("view") or {}
    return Interaction(
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
        pickers=_pickers(view),
    )


def submission(body: Mapping[str, Any]) -> Interaction:
    view = body["view"]
    meta = _meta(view)
    return Interaction(
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
        pickers=_pickers(view),
    )


def suggestion(body: Mapping[str, Any]) -> Interaction:
    """What somebody types into a list that is searched: ``text`` the query, ``value`` the field."""
    view = body.get("view") or {}
    return Interaction(
        kind="suggestion",
        key="",
        team_id=_team(body),
        enterprise_id=_enterprise(body),
        user_id=body["user"]["id"],
        text=body.get("value") or "",
        value=field_of(body.get("block_id") or ""),
        view=view,
        meta=_meta(view),
    )


def whole(said: Any) -> int:
    """A row's id as it comes back from Slack. Raises Outdated."""
    if isinstance(said, bool) or not ROW.fullmatch(str(said)) or int(said) > LAST_ROW:
        raise Outdated
    return int(said)


def meta(**facts: Any) -> str:
    """A form's private metadata: look-up keys, and a nonce that makes its submission one of a kind."""
    return json.dumps({"n": secrets.token_hex(8), **facts}, separators=(",", ":"))


def again(coming: Interaction, **facts: Any) -> str:
    """The same form's metadata for another try: the nonce stays, since nothing was stored; the try is counted."""
    return json.dumps({**coming.meta, **facts, "try": coming.meta.get("try", 1) + 1}, separators=(",", ":"))


def block_of(view: Mapping[str, Any], field: str) -> str | None:
    """The block in which a form asks for a field; None where it does not."""
    named = (str(block.get("block_id")) for block in view.get("blocks") or ())
    return next((block_id for block_id in named if field_of(block_id) == field), None)


def label_of(view: Mapping[str, Any], field: str) -> str:
    """What a form calls a field."""
    block_id = block_of(view, field)
    asked = (block for block in view.get("blocks") or () if block.get("block_id") == block_id)
    return next((str(block["label"]["text"]) for block in asked if block.get("label")), "")


def unescaped(text: str) -> str:
    """The words of what Slack escaped: entities undone, links as typed, mentions kept as ``<@U123>``."""
    mentions = MENTION.sub(lambda found: f"\0{found[1]}\0", legible(text))
    plain = LINKED.sub(lambda found: found[1] or found[2].removeprefix("mailto:"), mentions)
    typed = re.sub("\0([UW][A-Z0-9]+)\0", r"<@\1>", html.unescape(plain))
    return " ".join(legible(typed).split())


def _team(body: Mapping[str, Any]) -> str:
    return str((body.get("team") or {}).get("id") or "")


def _enterprise(body: Mapping[str, Any]) -> str | None:
    return (body.get("enterprise") or {}).get("id") or (body.get("team") or {}).get("enterprise_id")


def _meta(view: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        read = json.loads(view.get("private_metadata") or "{}")
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _values(view: Mapping[str, Any]) -> dict[str, Any]:
    state = (view.get("state") or {}).get("values") or {}
    return {field_of(block): _read(next(iter(elements.values()))) for block, elements in state.items() if elements}


def _pickers(view: Mapping[str, Any]) -> frozenset[str]:
    state = (view.get("state") or {}).get("values") or {}
    dated = (block for block, elements in state.items() if "selected_date" in next(iter(elements.values()), {}))
    return frozenset(map(field_of, dated))


def _read(element: Mapping[str, Any]) -> Any:
    value = _value(element)
    return legible(value) if isinstance(value, str) else value


def _value(element: Mapping[str, Any]) -> Any:
    for name in ("value", "selected_date", "selected_user", "selected_conversation", "selected_channel"):
        if element.get(name) is not None:
            return element[name]
    if element.get("selected_option"):
        return element["selected_option"]["value"]
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or ()]
    return None
