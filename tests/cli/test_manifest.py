"""The app manifest says what the code uses: no scope more, none less."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

from bot import handlers
from bot.cli.manifest import EVENTS, SCOPES, manifest
from bot.outbox import slack

ROOT = Path(__file__).parents[2]
NEEDS = {
    "auth_test": set(),
    "chat_getPermalink": set(),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"im:history", "groups:history"},
    "conversations_info": {"groups:read", "channels:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"im:history", "groups:history"},
    "users_info": {"users:read"},
    "users_lookupByEmail": {"users:read.email"},
    "views_open": set(),
    "views_update": set(),
}
"""What Slack's documentation asks for each Web API method, as we use it: private channels and DMs."""
BY_EVENT = {"app_mention": "app_mentions:read", "message.im": "im:history", "user_change": "users:read"}


def test_the_scopes_are_those_of_the_methods_used():
    """Every method of Slack's that is called has its scopes in the manifest, and no other scope is asked for."""
    methods = set(re.findall(r"self\.(?:client|sending)\.([a-z]+_\w+)", inspect.getsource(slack)))
    needed = set().union(*(NEEDS[method] for method in methods), {"commands"}, BY_EVENT.values())
    assert set(SCOPES) == needed


def test_every_subscription_has_its_handler():
    """Slack sends no event that nobody hears, and no handler waits for one that is not subscribed to."""
    spoken = {"app_mention", "message.im"}
    assert set(EVENTS) - spoken == set(handlers.EVENTS)
    assert spoken <= set(EVENTS)


def test_the_file_is_what_the_command_prints(credbot):
    """``manifest.json`` is ``credbot manifest``."""
    assert credbot("manifest").out == (ROOT / "manifest.json").read_text("utf-8")


def test_socket_mode_names_no_address():
    """Without an address everything comes over Socket Mode."""
    assert manifest(None)["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(manifest(None))


def test_over_http_everything_goes_to_one_address():
    """With an address commands, events and interactivity go to its /slack/events."""
    over_http = manifest("https://credbot.example.org/")
    urls = set(re.findall(r'"(https://[^"]+)"', json.dumps(over_http)))
    assert urls == {"https://credbot.example.org/slack/events"}
    assert over_http["settings"]["socket_mode_enabled"] is False


def test_mentions_in_a_command_keep_their_ids():
    """Slack escapes what is typed after /cred, so that @lee arrives as an id."""
    (command,) = manifest(None)["features"]["slash_commands"]
    assert (command["command"], command["should_escape"]) == ("/cred", True)


def test_slack_takes_the_manifest():
    """Texts are within the limits of Slack's manifest schema, and nothing is named twice."""
    shown = manifest(None)["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(set(SCOPES)) == len(SCOPES)
    assert len(set(EVENTS)) == len(EVENTS)


def test_an_address_that_slack_would_not_call_is_refused(credbot):
    """Slack calls https only."""
    assert credbot("manifest --url http://credbot.example.org").status == 2
