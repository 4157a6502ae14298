"""The environment, checked once: what is wrong or missing is said with what to do."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from bot.settings import SettingsError, read_settings, shipped


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith(("SLACK_", "CREDBOT_")) or name in ("DATABASE_URL", "PORT"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1", "xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "xapp-"),
        ("CREDBOT_TIMEZONE", "New York", "America/New_York"),
        ("CREDBOT_SECRET_KEY", "short", "--new-key"),
        ("DATABASE_URL", "mysql://x", "postgresql"),
        ("CREDBOT_SEND_LEASE", "1", "at least 2"),
        ("PORT", "web", "such as 3000"),
        ("SLACK_API_URL", "slack.example/api", "https://slack.com/api/"),
        ("CREDBOT_POLICIES", "/nowhere", "/nowhere"),
    ],
)
def test_a_bad_value_is_named_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """The wrong kind of token, zone, key or URL is refused in words."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name) as refused:
        read_settings(None)

    assert said in str(refused.value)


def test_a_bad_value_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token in the wrong place stays out of the terminal."""
    monkeypatch.setenv("SLACK_APP_TOKEN", "xoxb-very-secret")

    with pytest.raises(SettingsError) as refused:
        read_settings(None)

    assert "very-secret" not in str(refused.value)


def test_one_error_names_all_that_is_missing() -> None:
    """Nobody learns of the second missing variable only after setting the first."""
    settings = read_settings(None)

    with pytest.raises(SettingsError) as missing:
        settings.need("SLACK_BOT_TOKEN", "CREDBOT_TIMEZONE", "CREDBOT_SECRET_KEY")

    for name in ("SLACK_BOT_TOKEN", "CREDBOT_TIMEZONE", "CREDBOT_SECRET_KEY"):
        assert name in str(missing.value)


def test_postgres_urls_mean_psycopg_3(monkeypatch: pytest.MonkeyPatch) -> None:
    """The URLs that platforms hand out work as they are."""
    monkeypatch.setenv("DATABASE_URL", "postgres://user@host/credbot")

    assert read_settings(None).database_url == "postgresql+psycopg://user@host/credbot"


def test_the_slash_of_the_api_url_is_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both spellings reach the same server."""
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api")

    assert read_settings(None).slack_api_url == "http://127.0.0.1:1/api/"


def test_lists_are_comma_separated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Admins and keys come several in one variable."""
    keys = [Fernet.generate_key().decode() for _ in range(2)]
    monkeypatch.setenv("CREDBOT_ADMINS", "U1, U2,")
    monkeypatch.setenv("CREDBOT_SECRET_KEY", ",".join(keys))

    settings = read_settings(None)

    assert settings.credbot_admins == ("U1", "U2")
    assert settings.credbot_secret_key == tuple(keys)


@pytest.mark.parametrize("name", ["messages", "policies", "manifest.json"])
def test_what_ships_with_the_bot_is_found(name: str) -> None:
    """Templates, rules and the manifest are found in a checkout as in a wheel."""
    assert shipped(name).exists()
