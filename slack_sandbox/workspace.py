"""The workspace: everything that Slack would remember, in memory, safe to use from many threads."""

import copy
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Condition
from typing import Any

from slack_sandbox.api.rate_limits import Rates
from slack_sandbox.block_kit.strictness import Strictness, Violation
from slack_sandbox.connection import payloads
from slack_sandbox.connection.transport import ACK_SECONDS, Transport
from slack_sandbox.conversations import Conversation, Conversations, Kind, Message
from slack_sandbox.faults import Faults
from slack_sandbox.installation import Installation
from slack_sandbox.modals import View, Views, as_view, fill_ids
from slack_sandbox.one_shot import OneShots
from slack_sandbox.people import People, Person

ACK_TRAVELS = 0.02
"""Seconds that an acknowledgement is on its way at most, before what it carries is shown."""


@dataclass(frozen=True)
class Call:
    """One Web API call: no token among its arguments; `at` is real time."""

    method: str
    args: dict[str, Any]
    answer: dict[str, Any]
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Workspace:
    """One Slack workspace with one app installed.

    `now` gives business time for display; `real_time` monotonic seconds for protocol limits.
    `ack_travels` gives the seconds that the next acknowledgement takes until what it carries is shown.
    `refusal` is Slack's word to every call of the bot token, once the app was uninstalled.
    With an `enterprise_id` it is one workspace of an Enterprise Grid organization.
    With `request_url` set the app is reached by signed HTTP, otherwise over Socket Mode.
    """

    def __init__(
        self,
        team_id: str = "T00000001",
        domain: str = "clinic",
        *,
        app_handle: str = "credbot",
        app_name: str = "Credbot",
        commands: Sequence[str] = ("/cred",),
        enterprise_id: str | None = None,
    ) -> None:
        self.team_id, self.domain, self.enterprise_id = team_id, domain, enterprise_id
        self.base_url = f"https://{domain}.slack.com"
        self.request_url: str | None = None
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.real_time: Callable[[], float] = time.monotonic
        self.ack_seconds = ACK_SECONDS
        self.ack_travels: Callable[[], float] = lambda: random.uniform(0, ACK_TRAVELS)
        self.refusal: str | None = None
        self.version = 0
        self._condition = Condition()
        self._count = 0
        self._last_ts = (0, 0)
        self._transports: dict[str, Transport] = {}
        self.socket_url: Callable[[], str | None] = lambda: None

        self.people = People()
        self.conversations = Conversations()
        self.views = Views(lambda: self.new_id("V"))
        self.one_shots = OneShots(self._seconds)
        self.rates = Rates(self._seconds)
        self.faults = Faults()
        self.strict = Strictness()
        self.log: list[Call] = []
        self.notices: dict[str, str] = {}
        self.read_up_to: dict[tuple[str, str], str] = {}
        self.app = Installation(
            bot_user=self.add_person(app_handle, app_name, "", "UTC", bot=True),
            commands=tuple(commands),
        )

    def _seconds(self) -> float:
        """Real time, looked up at each call: a test may put its own in `real_time` later."""
        return self.real_time()

    # What changes wakes those who wait.

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the workspace while changing it; readers of its version are woken after."""
        with self._condition:
            yield
            self.version += 1
            self._condition.notify_all()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold the workspace still while looking at it."""
        with self._condition:
            yield

    def touch(self) -> None:
        """Say that something a page shows, such as the time, has changed."""
        with self.changing():
            pass

    def wait_for_change(self, since: int, timeout: float) -> int:
        """The version, as soon as it is beyond `since` or after `timeout` seconds."""
        with self._condition:
            self._condition.wait_for(lambda: self.version > since, timeout)
            return self.version

    def new_id(self, letter: str) -> str:
        """An id of Slack's shape."""
        with self._condition:
            self._count += 1
            return f"{letter}{self._count:08d}"

    def new_ts(self) -> str:
        """A message's name: real time, never the same twice."""
        with self._condition:
            now = int(time.time() * 1_000_000)
            self._last_ts = max((now // 1_000_000, now % 1_000_000), _after(self._last_ts))
            return f"{self._last_ts[0]}.{self._last_ts[1]:06d}"

    # People and channels.

    def add_person(
        self,
        handle: str,
        name: str,
        email: str,
        tz: str,
        *,
        admin: bool = False,
        guest: bool = False,
        bot: bool = False,
        deactivated: bool = False,
        team_id: str | None = None,
        enterprise: str | None = None,
    ) -> str:
        """Add an account and return its user id.

        Another `team_id` makes it one from outside, unless `enterprise`, its organization, is this workspace's own.
        """
        with self.changing():
            home = team_id or self.team_id
            organization = enterprise or (self.enterprise_id if home == self.team_id else None)
            inside = home == self.team_id or (organization is not None and organization == self.enterprise_id)
            person = Person(
                id=self.new_id("U"),
                handle=handle,
                name=name,
                email=email,
                tz=tz,
                team_id=home,
                admin=admin,
                guest=guest,
                bot=bot,
                deactivated=deactivated,
                stranger=not inside,
                enterprise_id=organization,
                teams=tuple(dict.fromkeys((home, self.team_id) if inside else (home,))),
            )
            self.people.add(person)
            if not bot:
                self.direct_message(person.id)
            return person.id

    def direct_message(self, user_id: str) -> Conversation:
        """The direct message between a person and the app, opened when there is none."""
        bot = self.app.bot_user
        with self.reading():
            found = self.conversations.direct(user_id, bot)
            if found is None:
                with self.changing():
                    found = Conversation(self.new_id("D"), "", "dm", {user_id, bot})
                    self.conversations.add(found)
            return found

    def add_channel(
        self,
        name: str,
        private: bool = True,
        members: Sequence[str] = (),
        shared: bool = False,
        org_shared: bool = False,
    ) -> str:
        """Add a channel with these handles in it and return its id.

        `shared` is with another organization, `org_shared` with other workspaces of the same one.
        """
        with self.changing():
            ids = {self.person(handle).id for handle in members}
            kind: Kind = "private" if private else "channel"
            channel = Conversation(self.new_id("C"), name, kind, ids, shared=shared, org_shared=org_shared)
            self.conversations.add(channel)
            return channel.id

    def person(self, handle: str) -> Person:
        """The account with this handle; it must exist."""
        found = self.people.with_handle(handle.removeprefix("@"))
        if found is None:
            raise KeyError(f"There is nobody called @{handle}.")
        return found

    @property
    def bot(self) -> Person:
        """The app's own account."""
        return self.people.all()[0]

    def archive(self, name: str) -> None:
        """Archive a channel and tell the app."""
        channel = self.conversations.named(name)
        with self.changing():
            channel.archived = True
        kind = "group_archive" if channel.kind == "private" else "channel_archive"
        self.emit_event({"type": kind, "channel": channel.id})

    def invite(self, name: str, handle: str) -> None:
        """Add a member to a channel and tell the app."""
        channel, person = self.conversations.named(name), self.person(handle)
        with self.changing():
            channel.members.add(person.id)
        self.emit_event(
            {
                "type": "member_joined_channel",
                "user": person.id,
                "channel": channel.id,
                "team": self.team_id,
            }
        )

    def kick(self, name: str, handle: str) -> None:
        """Remove a member from a channel and tell the app, which may be the one removed."""
        channel, person = self.conversations.named(name), self.person(handle)
        with self.changing():
            channel.members.discard(person.id)
        if person.id == self.app.bot_user:
            kind = "group_left" if channel.kind == "private" else "channel_left"
            self.emit_event({"type": kind, "channel": channel.id})
        elif self.app.bot_user in channel.members:
            self.emit_event(
                {
                    "type": "member_left_channel",
                    "user": person.id,
                    "channel": channel.id,
                    "team": self.team_id,
                }
            )

    def share(self, name: str, *, inside: bool = False) -> None:
        """Share a channel with another organization, or `inside` with a workspace of the same one; tell the app."""
        channel = self.conversations.named(name)
        with self.changing():
            channel.shared, channel.org_shared = channel.shared or not inside, channel.org_shared or inside
        self.emit_event({"type": "channel_shared", "channel": channel.id, "connected_team_id": "T99999999"})

    def rename(self, name: str, new_name: str) -> None:
        """Rename a channel and tell the app."""
        channel = self.conversations.named(name)
        with self.changing():
            channel.name = new_name
        kind = "group_rename" if channel.kind == "private" else "channel_rename"
        self.emit_event({"type": kind, "channel": {"id": channel.id, "name": new_name, "created": 0}})

    def deactivate(self, handle: str) -> None:
        """Deactivate an account and tell the app."""
        person = self.person(handle)
        with self.changing():
            person.deactivated = True
        self.emit_event(payloads.user_change(person))

    def uninstall(self, refusal: str = "account_inactive") -> None:
        """Remove the app, which hears of it last; `refusal` is account_inactive, token_revoked or invalid_auth."""
        self.emit_event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.app.bot_user]}})
        self.emit_event({"type": "app_uninstalled"})
        self.refusal = refusal

    def install_again(self) -> None:
        """The app is back, with the token it had."""
        self.refusal = None

    # Messages.

    def post(self, message: Message) -> Message:
        """Add a message to its conversation."""
        with self.changing():
            message.blocks = self.with_ids(message.blocks)
            conversation = self.conversations.get(message.channel)
            if conversation is None:
                raise KeyError(message.channel)
            conversation.messages.append(message)
            return message

    def with_ids(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A copy of the blocks in which Slack has filled in the ids that the app left out."""
        return fill_ids(copy.deepcopy(blocks))

    def app_message(
        self,
        channel: str,
        text: str,
        blocks: list[dict[str, Any]],
        *,
        ephemeral_for: str | None = None,
    ) -> Message:
        """A message of the app's, not posted yet."""
        return Message(
            ts=self.new_ts(),
            channel=channel,
            user=self.app.bot_user,
            text=text,
            shown_at=self.now(),
            bot_id=self.app.bot_id,
            blocks=blocks,
            ephemeral_for=ephemeral_for,
        )

    # The app.

    def connect(self, name: str, transport: Transport) -> None:
        """Make the app reachable; `name` is "socket" or "http"."""
        self._transports[name] = transport

    @property
    def transport(self) -> Transport | None:
        """The present way to the app; None before the server has started."""
        return self._transports.get("http" if self.request_url else "socket")

    def emit_event(self, event: dict[str, Any]) -> None:
        """Send an event to the app, which gets it as soon as it listens."""
        if self.transport is not None and self.refusal is None:
            self.transport.send("events_api", payloads.event(self, event))

    def view_object(self, view: View) -> dict[str, Any]:
        """The `view` object of an open modal."""
        return as_view(view, team_id=self.team_id, app_id=self.app.app_id, bot_id=self.app.bot_id)

    # What tests ask afterwards.

    @property
    def rates_enabled(self) -> bool:
        """Whether calls beyond the rate limits are answered with 429."""
        return self.rates.enabled

    @rates_enabled.setter
    def rates_enabled(self, enabled: bool) -> None:
        self.rates.enabled = enabled

    @property
    def violations(self) -> list[Violation]:
        """Every rule of Slack's that the app has broken."""
        return self.strict.violations

    def calls(self, method: str) -> list[Call]:
        """The calls of one Web API method, in order."""
        return [call for call in list(self.log) if call.method == method]


def _after(ts: tuple[int, int]) -> tuple[int, int]:
    return (ts[0], ts[1] + 1) if ts[1] < 999_999 else (ts[0] + 1, 0)
