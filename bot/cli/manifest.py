"""The app manifest: what Slack must allow, and where it reaches the bot (api.slack.com/reference/manifests)."""

from __future__ import annotations

import json
from typing import Any

SCOPES = (
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
)
"""The bot token's scopes. ``doctor`` compares them to what Slack says the token has."""

EVENTS = (
    "app_mention",
    "app_uninstalled",
    "channel_shared",
    "group_archive",
    "group_left",
    "group_rename",
    "member_left_channel",
    "message.im",
    "tokens_revoked",
    "user_change",
)

SUMMARY = "Keeps healthcare providers allowed to work: records credentials, reminds in time, routes privilege requests."


def manifest(url: str | None) -> dict[str, Any]:
    """The manifest for Socket Mode, or for HTTP where ``url`` is the bot's public address without a path."""
    address = None if url is None else f"{url.rstrip('/')}/slack/events"
    reached_at = {"request_url": address} if address else {}
    return {
        "display_information": {"name": "Credbot", "description": SUMMARY, "background_color": "#1f4e5f"},
        "features": {
            "app_home": _messages_only(),
            "bot_user": {"display_name": "credbot", "always_online": True},
            "slash_commands": [_cred(address)],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**reached_at, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **reached_at, **_looks_up_at(address)},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def as_text(url: str | None) -> str:
    """The manifest as ``manifest.json`` holds it, ready to paste into api.slack.com/apps."""
    return json.dumps(manifest(url), indent=2)


def _looks_up_at(address: str | None) -> dict[str, str]:
    """Where Slack asks for what a list that is searched offers."""
    return {"message_menu_options_url": address} if address else {}


def _messages_only() -> dict[str, bool]:
    return {"home_tab_enabled": False, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}


def _cred(address: str | None) -> dict[str, Any]:
    return {
        "command": "/cred",
        **({"url": address} if address else {}),
        "description": "Credentials and privileges: look up, record, verify, request",
        "usage_hint": "help | status @user | add | update | verify | expiring 60d | request | queue",
        "should_escape": True,
    }
