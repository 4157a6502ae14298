"""Against a server that answers only what decides something: optional fields and headers of Slack's left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from slack_sandbox.api import web_api
from slack_sandbox.connection import payloads, sending
from slack_sandbox.connection.responses import command_answered
from slack_sandbox.workspace import Workspace
from tests.server.processes.conftest import PEOPLE, Place, license_of, opened, until
from tests.stories.scenes import verifies

NEVER_SENT = frozenset(
    {
        "api_app_id", "app_id", "app_installed_team_id", "authorizations", "bot_id", "channel_name", "context_team_id",
        "display_name", "enterprise", "external_id", "hash", "is_enterprise_install", "is_ext_shared", "is_member",
        "is_org_shared", "is_restricted", "is_shared", "is_stranger", "is_ultra_restricted", "previous_view_id",
        "response_urls", "root_view_id", "team_domain", "tz", "tz_label", "tz_offset", "user_name", "username",
    }
)  # fmt: skip


def bare(value: Any) -> Any:
    """The same without what need not be there; false flags go as well."""
    if isinstance(value, list):
        return [bare(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: bare(one) for name, one in value.items() if name not in NEVER_SENT and one is not False}


@pytest.fixture(scope="module")
def sparse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One ``credbot run`` on Slack at its most taciturn. Lee's license waits to be verified, Maya's is."""
    with pytest.MonkeyPatch.context() as patched, opened(tmp_path_factory.mktemp("sparse")) as place:
        for name, method in web_api.METHODS.items():
            patched.setitem(web_api.METHODS, name, replace(method, run=terse(method.run)))
        patched.setattr(web_api, "_reply", lambda _, body: web_api.Reply(body, 200, {}))
        envelope = place.server.socket_mode.send
        patched.setattr(place.server.socket_mode, "send", lambda kind, payload: envelope(kind, bare(payload)))
        lee, maya = (license_of(PEOPLE[who], place.id(who), "2030-07-31") for who in ("lee", "maya"))
        insured = {"credential": "malpractice", "state": "", "number": "POL-1", "source": ""}
        insured["expires_on"] = "2029-06-30"
        unverified = {"verified_on": "", "source": ""}
        place.done(f"import roster {place.roster(lee | unverified, lee | insured, maya, maya | insured)}")
        place.done(f"role grant {place.id('cora')} coordinator")
        place.done(f"role grant {place.id('dana')} approver:department_chair")
        with place.serving("run"):
            yield place


def terse(run: Callable[[Workspace, dict[str, Any]], dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The same method, with the least that it may answer."""

    def answer(workspace: Workspace, args: dict[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = bare(run(workspace, args))
        if isinstance(said.get("user"), dict):
            said["user"].pop("team_id", None)
        return said

    return answer


def typed(place: Place, handle: str, text: str) -> None:
    """A command exactly as it stands, not as a well-behaved client would send it."""
    person = place.workspace.person(handle)
    channel = place.workspace.direct_message(person.id).id
    url = sending.response_url(place.workspace, person.id, channel)
    body = payloads.command(place.workspace, person, channel, name="/cred", text=text, response_url=url)
    heard = partial(command_answered, place.workspace, person.id, channel)
    assert sending.send(place.workspace, "slash_commands", body, heard).notice is None


def test_the_main_job_on_a_taciturn_slack(sparse: Place) -> None:
    """Recorded and verified by forms, asked for, approved and granted: nothing relies on what may be left out."""
    sparse.cora.types("/cred add @lee")
    sparse.cora.fills({"Type": "BLS", "Expires on": "2028-06-30"})
    sparse.cora.submits()
    sparse.cora.sees("Recorded")
    sparse.cora.closes()
    sparse.cora.types("/cred status @lee")
    sparse.cora.clicks("Verify", near="State license")
    verifies(sparse.cora, "123456", "2030-07-31")
    sparse.cora.sees("Verified")
    sparse.lee.types("/cred request")
    sparse.lee.fills({"Privileges": ["Psychotherapy, core"]})
    sparse.lee.submits()
    sparse.dana.clicks("Approve", in_="#requests")
    sparse.lee.sees("Granted by the department chair")


def test_words_as_people_type_them(sparse: Place) -> None:
    """Bare mentions, stray spaces, capitals and a phone's quotes mean what the plain words mean."""
    lee = sparse.id("lee")
    for text in (f"status <@{lee}>", f"  STATUS   <@{lee}>  ", "Status Lee Chen ", "status “lee chen”\xa0"):
        before = sparse.cora.reads().count("Psychiatrist")
        typed(sparse, "cora", text)
        until(lambda before=before: sparse.cora.reads().count("Psychiatrist") == before + 1)
    typed(sparse, "cora", "status <@U0NOBODY>")
    sparse.cora.sees("I can't find a provider named")
    typed(sparse, "noah", f"status <@{lee}>")
    sparse.noah.sees("only your own file")


def test_what_unhandled_action_for_is_acknowledged(sparse: Place) -> None:
    """Events that mean nothing to the bot, and a button of an older version, are not delivered again."""
    noah = sparse.workspace.person("noah")
    press = payloads.message_action(
        sparse.workspace, noah, "C1", {"ts": "1.1"},
        {"type": "button", "action_id": "of_an_older_version", "block_id": "b", "value": "1"},
        values={}, ephemeral=False, response_url="http://127.0.0.1:1/",
    )  # fmt: skip
    event = payloads.event(sparse.workspace, {"type": "app_uninstalled"})
    assert sending.send(sparse.workspace, "interactive", press).notice is None
    assert sending.send(sparse.workspace, "events_api", event).notice is None


def test_somebody_unheard_of_clicks_a_button(sparse: Place) -> None:
    """A member whom the bot never met presses a button in a channel, and is told why it is not theirs."""
    sparse.maya.types("/cred request")
    sparse.maya.fills({"Privileges": ["Psychotherapy, core"]})
    sparse.maya.submits()
    sparse.cora.sees("Maya Okafor", in_="#requests")
    sparse.workspace.add_person("zoe", "Zoe New", "zoe@riverbend.example", "America/New_York")
    sparse.workspace.invite("requests", "zoe")
    zoe = sparse.slack.as_("zoe")
    zoe.clicks("Approve", in_="#requests")
    zoe.sees("approver")
