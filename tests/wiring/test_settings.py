"""The environment, checked once: what is wrong or missing is said with what to do."""

from __future__ import annotations

from pathlib import Path

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
        ("DATABASE_URL", "postgresql://u@h:99999/x", "a port from 1 to 65535"),
        ("DATABASE_URL", "postgresql://u@h:0/x", "a port from 1 to 65535"),
        ("DATABASE_URL", "postgresql://u@h:abc/x", "no address of a database"),
        ("DATABASE_URL", "postgresql://u@h/x?port=abc", "no address of a database"),
        ("DATABASE_URL", "postgresql://u@[::1/x", "no address of a database"),
        ("DATABASE_URL", "sqlite:credbot.db", "sqlite:///credbot.db"),
        ("DATABASE_URL", "sqlite://credbot.db", "sqlite:///credbot.db"),
        ("DATABASE_URL", "sqlite:///credbot.db?timeout=abc", "no address of a database"),
        ("DATABASE_URL", "sqlite:///file:/srv/uri.db?uri=true", "without file:"),
        ("DATABASE_URL", "sqlite:///file%3A/srv/uri.db?uri=true", "without file:"),
        ("SLACK_SIGNING_SECRET", "  ", "it is blank"),
        ("CREDBOT_SEND_LEASE", "1", "at least 2"),
        ("PORT", "web", "such as 3000"),
        ("SLACK_API_URL", "slack.example/api", "https://slack.com/api/"),
        ("SLACK_API_URL", "http://slack.example/api", "tokens would travel unencrypted"),
        ("SLACK_API_URL", "http://10.0.0.7/api/", "tokens would travel unencrypted"),
        ("SLACK_API_URL", "http://localhost.example/api/", "tokens would travel unencrypted"),
        ("SLACK_API_URL", "http://127.0.0.1@slack.example/api/", "no web address"),
        ("SLACK_API_URL", "http://127.0.0.1\\@slack.example/api/", "no web address"),
        ("SLACK_API_URL", "https://slack.example/api?to=x", "no web address"),
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


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "127.4.5.6", "[::1]:8321", "localhost"])
def test_this_machine_is_reached_without_encryption(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """A Slack-compatible server on this machine needs no certificate."""
    monkeypatch.setenv("SLACK_API_URL", f"http://{host}/api/")

    assert read_settings(None).slack_api_url == f"http://{host}/api/"


@pytest.mark.parametrize("token", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/api/", "https://slack.example/api"])
def test_a_folder_does_not_choose_where_the_environments_tokens_go(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, token: str, url: str
) -> None:
    """SLACK_API_URL of a file, and a token of the environment: refused in one sentence that says what to do."""
    env_file = tmp_path / ".env"
    env_file.write_text(f"slack_api_url={url}\nSLACK_BOT_TOKEN=xoxb-file\n")
    monkeypatch.setenv(token, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}[token])

    with pytest.raises(SettingsError) as refused:
        read_settings(env_file)

    assert str(refused.value) == (
        f"{env_file} would have {token} of your environment sent to {url.rstrip('/')}/: if that is meant, set "
        f"SLACK_API_URL in the environment too, or keep the tokens beside it in {env_file} only."
    )


def test_an_address_beside_its_tokens_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What stands in one file belongs together; an address of the environment is meant; Slack's own is no question."""
    env_file = tmp_path / ".env"
    env_file.write_text("SLACK_API_URL=http://127.0.0.1:1/api/\nSLACK_BOT_TOKEN=xoxb-file\n")
    assert read_settings(env_file).slack_api_url == "http://127.0.0.1:1/api/"

    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:2/api/")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    assert read_settings(env_file).slack_api_url == "http://127.0.0.1:2/api/"

    monkeypatch.delenv("SLACK_API_URL")
    env_file.write_text("SLACK_API_URL=https://slack.com/api\n")
    assert read_settings(env_file).slack_bot_token == "xoxb-1"


def test_a_file_fetches_nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """``${…}`` in a file is text: no host or server that it names is sent a secret of the environment."""
    env_file = tmp_path / ".env"
    env_file.write_text(
        "DATABASE_URL=postgresql://${SLACK_BOT_TOKEN}@host/x\n"
        "SLACK_APP_TOKEN=xapp-${SLACK_SIGNING_SECRET}-${HOME:-none}\n"
        'CREDBOT_ADMINS="${SLACK_SIGNING_SECRET}"\n'
    )
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "real")

    settings = read_settings(env_file)

    assert settings.database_url == "postgresql+psycopg://${SLACK_BOT_TOKEN}@host/x"
    assert settings.slack_app_token == "xapp-${SLACK_SIGNING_SECRET}-${HOME:-none}"
    assert settings.credbot_admins == ("${SLACK_SIGNING_SECRET}",)


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Read as UTF-8, under names of either case; what is empty in either place counts as not set there."""
    env_file = tmp_path / ".env"
    env_file.write_text("credbot_admins=Ué\nCREDBOT_TIMEZONE=\nPORT=1\nSLACK_SIGNING_SECRET\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "2")
    monkeypatch.setenv("CREDBOT_ADMINS", "")

    settings = read_settings(env_file)

    assert (settings.port, settings.credbot_admins) == (2, ("Ué",))
    assert (settings.credbot_timezone, settings.slack_signing_secret) == (None, None)


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
