"""The only Web API client. It tries nothing twice: after a cut connection, a second try may post twice.

Every method raises the problems of ``slack_errors`` and nothing else of Slack's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from bot import log
from bot.cards.block_kit.message import Message, View
from bot.outbox.slack_errors import Gone, NoAnswer, SlackProblem, in_our_words, trouble_of
from bot.outbox.slack_values import Channel, ExpiringCache, Identity, User, as_channel, as_user

logger = log.get(__name__)
OK = 200
LONGEST = 10
PEOPLE_FOR, CHANNELS_FOR = 300.0, 30.0
PAGE = 200
EVENT_TYPE = "credbot"


class Slack:
    """One workspace, seen through one bot token. ``timeout``: seconds for a message's call, at least one.

    ``org_shared``: the organization lets messages go to channels that its other workspaces share.
    """

    def __init__(self, token: str, api_url: str, *, timeout: float = LONGEST, org_shared: bool = False) -> None:
        self.client = WebClient(token, base_url=api_url, timeout=LONGEST, retry_handlers=[])
        # A message's call must have ended before its lease does, however short that is.
        self.sending = WebClient(token, base_url=api_url, timeout=max(1, int(timeout)), retry_handlers=[])
        self.trouble: str | None = None
        """What the newest call met: ``no_answer``, ``locked_out`` (our token is not taken), or None: Slack answers."""
        self._org_shared = org_shared
        self._me = ExpiringCache[Identity](float("inf"))
        self._people = ExpiringCache[User | None](PEOPLE_FOR)
        self._channels = ExpiringCache[Channel | None](CHANNELS_FOR)

    def who_am_i(self) -> Identity:
        """Asked once, and then remembered."""
        return self._me.get("", self._ask_who_i_am)

    def post(self, channel: str, message: Message, *, row_id: int | None = None, thread_ts: str | None = None) -> str:
        """Posts and returns the message's ``ts``. ``row_id`` travels with it, so that it can be found again.

        Without one it answers somebody who waits for it, and is the only copy of nothing.
        """
        answer = self._call(
            self.sending.chat_postMessage,
            channel=channel,
            text=message.text,
            blocks=message.blocks,
            thread_ts=thread_ts,
            metadata=None if row_id is None else {"event_type": EVENT_TYPE, "event_payload": {"id": str(row_id)}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return _text(answer, "ts")

    def update(self, channel: str, ts: str, message: Message) -> str:
        """Replaces text and blocks of a message of ours; returns its ``ts``."""
        answer = self._call(self.sending.chat_update, channel=channel, ts=ts, text=message.text, blocks=message.blocks)
        return _text(answer, "ts")

    def find(self, channel: str, row_id: int, *, since: datetime, thread_ts: str | None = None) -> str | None:
        """The ``ts`` of the message that was posted for ``row_id`` since then, by us; None: it is not there."""
        wanted = {"event_type": EVENT_TYPE, "event_payload": {"id": str(row_id)}}
        me = self.who_am_i()
        for message in self._messages(channel, since, thread_ts):
            said = message.get("metadata") or {}
            same = all(said.get(name) == value for name, value in wanted.items())
            if same and (message.get("user") == me.user_id or (me.bot_id and message.get("bot_id") == me.bot_id)):
                return str(message["ts"])
        return None

    def permalink(self, channel: str, ts: str) -> str | None:
        """A link to a message, while there is one."""
        try:
            answer = self._call(self.client.chat_getPermalink, channel=channel, message_ts=ts)
        except SlackProblem:
            return None
        return answer.get("permalink") or None

    def open_dm(self, user: str) -> str:
        """The channel id of the DM with this person."""
        answer = self._call(self.client.conversations_open, users=user)
        return _text(_part(answer, "channel"), "id")

    def user(self, user_id: str, *, fresh: bool = False) -> User | None:
        """Who this is; None when Slack does not know them. Either is remembered for five minutes unless ``fresh``."""
        if fresh:
            self._people.forget(user_id)
        return self._people.get(user_id, lambda: self._ask_about(user_id))

    def user_by_email(self, email: str) -> User | None:
        """The active account with this e-mail, if there is one."""
        try:
            answer = self._call(self.client.users_lookupByEmail, email=email)
        except Gone:
            return None
        return as_user(_part(answer, "user"), self.who_am_i())

    def channel_info(self, channel: str, *, fresh: bool = False) -> Channel | None:
        """What the channel is; None when we cannot see it. Either is remembered for half a minute unless ``fresh``."""
        if fresh:
            self._channels.forget(channel)
        return self._channels.get(channel, lambda: self._ask_about_channel(channel))

    def channel_ok(self, channel: str, *, fresh: bool = False) -> str | None:
        """Why nothing about people may be posted there: ``missing``, or its ``Channel.objection``. None: it may."""
        info = self.channel_info(channel, fresh=fresh)
        objection = "missing" if info is None else info.objection
        return None if objection == "org_shared" and self._org_shared else objection

    def open_view(self, trigger_id: str, view: View) -> dict[str, Any]:
        """Opens a modal; the answer's ``view`` carries its id and hash. Rejected: the trigger was too old or used."""
        return _part(self._call(self.client.views_open, trigger_id=trigger_id, view=view), "view")

    def update_view(
        self, view: View, *, view_id: str | None = None, external_id: str | None = None, hash_: str | None = None
    ) -> dict[str, Any]:
        """Replaces an open modal. Rejected ``not_found``: it was closed; ``hash_conflict``: it has changed."""
        named = {"view_id": view_id} if view_id else {"external_id": external_id}
        return _part(self._call(self.client.views_update, view=view, hash=hash_, **named), "view")

    def respond(self, response_url: str, message: Message) -> bool:
        """Answers whoever clicked or typed, seen by them alone; the message they clicked stays. Whether Slack took it.

        Never the only copy of anything: an answer that does not arrive is lost, and the person asks again.
        """
        client = WebhookClient(response_url, timeout=LONGEST, retry_handlers=[])
        try:
            with in_our_words():
                answer = client.send(
                    text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
                )
        except SlackProblem as problem:
            logger.warning("response_failed", why=problem.reason)
            return False
        if answer.status_code != OK:
            logger.warning("answer_refused", status=answer.status_code)
        return answer.status_code == OK

    def _ask_who_i_am(self) -> Identity:
        answer = self._call(self.client.auth_test)
        scopes = str(answer.headers.get("x-oauth-scopes") or answer.headers.get("X-OAuth-Scopes") or "")
        return Identity(
            team_id=_text(answer, "team_id"),
            team=str(answer.get("team", "")),
            user_id=_text(answer, "user_id"),
            bot_id=answer.get("bot_id"),
            url=str(answer.get("url", "")),
            scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
            enterprise_id=answer.get("enterprise_id") or None,
        )

    def _ask_about(self, user_id: str) -> User | None:
        try:
            answer = self._call(self.client.users_info, user=user_id)
        except Gone:
            return None
        return as_user(_part(answer, "user"), self.who_am_i())

    def _ask_about_channel(self, channel: str) -> Channel | None:
        try:
            return as_channel(_part(self._call(self.client.conversations_info, channel=channel), "channel"))
        except Gone:
            return None

    def _messages(self, channel: str, since: datetime, thread_ts: str | None) -> Iterator[dict[str, Any]]:
        options: dict[str, Any] = {"oldest": f"{since.timestamp():.6f}", "include_all_metadata": True}
        if thread_ts is None:
            pages = self._pages(self.client.conversations_history, channel=channel, **options)
        else:
            pages = self._pages(self.client.conversations_replies, channel=channel, ts=thread_ts, **options)
        for page in pages:
            yield from page.get("messages") or []

    def _pages(self, method: Callable[..., SlackResponse], **arguments: Any) -> Iterator[SlackResponse]:
        cursor = ""
        while True:
            page = self._call(method, limit=PAGE, **arguments, **({"cursor": cursor} if cursor else {}))
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _call(self, method: Callable[..., SlackResponse], **arguments: Any) -> SlackResponse:
        try:
            with in_our_words():
                answer = method(**arguments)
        except SlackProblem as problem:
            self.trouble = trouble_of(problem)
            raise
        self.trouble = None
        return answer


def _text(answer: Any, name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise NoAnswer(f"an answer without {name}")
    return value


def _part(answer: Any, name: str) -> dict[str, Any]:
    value = answer.get(name)
    if not isinstance(value, dict):
        raise NoAnswer(f"an answer without {name}")
    return value
