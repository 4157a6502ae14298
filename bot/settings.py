"""The environment, typed and checked once. Slack Bolt's own variables are never read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from cryptography.fernet import Fernet
from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

HERE = Path(__file__).resolve().parent

WHERE: Mapping[str, str] = {
    "SLACK_BOT_TOKEN": "your app's page at api.slack.com/apps, OAuth & Permissions, Bot User OAuth Token (xoxb-…)",
    "SLACK_APP_TOKEN": "your app's page, Basic Information, App-Level Tokens, scope connections:write (xapp-…)",
    "SLACK_SIGNING_SECRET": "your app's page, Basic Information, Signing Secret",
    "CREDBOT_TIMEZONE": "an IANA zone such as America/New_York: it decides what your organization calls today",
    "CREDBOT_SECRET_KEY": "print one with: credbot doctor --new-key (keep it: the audit chain depends on it)",
    "DATABASE_URL": "a SQLAlchemy URL such as postgresql://user@host/credbot",
}

_zones = cache(available_timezones)
"""Looked for on the disk, which takes longer than all other settings together."""

SLACKS_OWN = "https://slack.com/api/"
TOKENS = ("slack_bot_token", "slack_app_token")
NO_DATABASE = (
    "it is no address of a database; write one such as postgresql://user@host:5432/credbot (a port from 1 to 65535), "
    "or sqlite:///credbot.db"
)
OF_NO_PLACE = re.compile(r"EST|MST|HST|(Etc/)?(GMT.*|Greenwich)|Factory|localtime")
"""Zones of one offset all year that are no place's: in summer their days begin an hour off. UTC is meant as such."""
PLACES_OF = {"MST": "America/Denver (or America/Phoenix)", "HST": "Pacific/Honolulu"}
PLACES = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
"""What is copied from Slack; everything else is the reader's own to write."""
NUMBERS: Mapping[str, str] = {
    "CREDBOT_SEND_LEASE": "write seconds, at least 2, such as 60",
    "PORT": "write a port, from 0 to 65535, such as 3000",
}


class SettingsError(Exception):
    """The environment is wrong. The message says what to do, in lines a person can read."""


class _AsWritten(DotEnvSettingsSource):
    """A file's values to the letter: ``${SLACK_BOT_TOKEN}`` in it must not fetch the environment's secret."""

    def _read_env_file(self, file_path: Path) -> Mapping[str, str | None]:
        written = dotenv_values(file_path, encoding=self.env_file_encoding, interpolate=False)
        return {name.lower(): value for name, value in written.items() if value}


class Settings(BaseSettings):
    """Every setting of the outside contract. Empty text counts as not set."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    slack_bot_token: str | None = None
    slack_app_token: str | None = None
    slack_signing_secret: str | None = None
    slack_api_url: str = SLACKS_OWN
    database_url: str = "sqlite:///credbot.db"
    credbot_admins: Annotated[tuple[str, ...], NoDecode] = ()
    credbot_approvals_channel: str | None = None
    credbot_team_channel: str | None = None
    credbot_timezone: str | None = None
    credbot_policies: Path | None = None
    credbot_messages: Path | None = None
    credbot_secret_key: Annotated[tuple[str, ...], NoDecode] = ()
    credbot_send_lease: float = Field(default=60, ge=2, le=1200)
    port: int = Field(default=3000, ge=0, le=65535)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is passed goes first, then the environment, then the file."""
        file = dotenv_settings.env_file if isinstance(dotenv_settings, DotEnvSettingsSource) else None
        return init_settings, env_settings, _AsWritten(settings_cls, env_file=file), file_secret_settings

    @field_validator("credbot_admins", "credbot_secret_key", mode="before")
    @classmethod
    def _comma_separated(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _keeps_tokens_secret_on_the_way(cls, value: str) -> str:
        """What is sent there carries our tokens: unencrypted to this machine only. Ends in a slash."""
        if not re.fullmatch(r"https?://[\w.:\[\]-]+(?:/[\w./~-]*)?", value, re.ASCII):
            raise ValueError("it is no web address; write one such as https://slack.com/api/, or leave it out")
        if value.startswith("http:") and not _on_this_machine(value):
            raise ValueError("tokens would travel unencrypted; write https://, or leave it out to use Slack's own")
        return value if value.endswith("/") else value + "/"

    @field_validator("slack_signing_secret")
    @classmethod
    def _is_a_secret(cls, value: str | None) -> str | None:
        if value is not None and not value.strip():
            raise ValueError("it is blank")
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _is_a_bot_token(cls, value: str | None) -> str | None:
        return _prefixed(value, "xoxb-", "a bot token")

    @field_validator("slack_app_token")
    @classmethod
    def _is_an_app_token(cls, value: str | None) -> str | None:
        return _prefixed(value, "xapp-", "an app-level token")

    @field_validator("credbot_timezone")
    @classmethod
    def _is_a_zone(cls, value: str | None) -> str | None:
        if value is not None and value not in _zones():
            raise ValueError(f"{value!r} is no time zone; write one such as America/New_York")
        if value is not None and OF_NO_PLACE.fullmatch(value):
            place = PLACES_OF.get(value, "America/New_York")
            raise ValueError(f"{value} is no place, and its clocks never change; write a place, such as {place}")
        return value

    @field_validator("credbot_secret_key")
    @classmethod
    def _are_fernet_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for key in value:
            try:
                Fernet(key)
            except ValueError as error:
                raise ValueError("it is no Fernet key; print one with: credbot doctor --new-key") from error
        return value

    @field_validator("credbot_policies", "credbot_messages")
    @classmethod
    def _is_a_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError(f"there is no folder {value}")
        return value

    @field_validator("database_url")
    @classmethod
    def _can_be_connected_to(cls, value: str) -> str:
        """Means psycopg 3, by whatever name platforms hand PostgreSQL's address out."""
        url = re.sub("^postgres(ql)?://", "postgresql+psycopg://", value)
        if not url.startswith(("sqlite:", "postgresql+psycopg:")):
            raise ValueError("Credbot runs on sqlite: and postgresql: URLs, such as postgresql://user@host/credbot")
        try:
            parsed = make_url(url)
            parsed.get_dialect()().create_connect_args(parsed)
        except (ArgumentError, ValueError):
            raise ValueError(NO_DATABASE) from None
        if url.startswith("sqlite:") and (parsed.database or "").lower().startswith("file:"):
            raise ValueError("write the file's path without file:, such as sqlite:////srv/credbot/credbot.db")
        if parsed.port is not None and not 0 < parsed.port < 65_536:
            raise ValueError(NO_DATABASE)
        return url

    @property
    def zone(self) -> ZoneInfo:
        """The organization's zone; call after ``need("CREDBOT_TIMEZONE")``."""
        return ZoneInfo(self.credbot_timezone or "UTC")

    @property
    def on_postgresql(self) -> bool:
        return self.database_url.startswith("postgresql")

    def need(self, *names: str) -> None:
        """Raises one SettingsError that names all that is missing, and where to find each.

        ``A or B`` is missing where neither is set.
        """
        missing = [name.split(" or ") for name in names if not any(map(self._has, name.split(" or ")))]
        if missing:
            lines = ["\n  or ".join(f"{name}: {WHERE[name]}" for name in either) for either in missing]
            raise SettingsError("\n  ".join(["Not set, in the environment or in .env:", *lines]))

    def _has(self, name: str) -> bool:
        return bool(getattr(self, name.lower()))


def _on_this_machine(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _prefixed(value: str | None, prefix: str, kind: str) -> str | None:
    if value is not None and not value.startswith(prefix):
        raise ValueError(f"it is not {kind} (those start with {prefix})")
    return value


def read_settings(env_file: Path | str | None = ".env", **values: Any) -> Settings:
    """Settings from the environment and ``env_file``; raises SettingsError naming every bad variable."""
    try:
        settings = Settings(_env_file=env_file, **values)  # type: ignore[call-arg]
        _ask_before_tokens_leave(settings, env_file)
    except ValidationError as error:
        raise SettingsError(_in_words(error)) from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{env_file} is not UTF-8 text. Save it as UTF-8.") from error
    return settings


def _ask_before_tokens_leave(settings: Settings, env_file: Path | str | None) -> None:
    """The folder somebody happens to stand in must not choose where the tokens of their environment are sent."""
    here = EnvSettingsSource(Settings)()
    in_file = _AsWritten(Settings, env_file=env_file)()
    by_file = "slack_api_url" in in_file and "slack_api_url" not in here
    sent = [name.upper() for name in TOKENS if name in here]
    if by_file and sent and settings.slack_api_url != SLACKS_OWN:
        raise SettingsError(
            f"{env_file} would have {' and '.join(sent)} of your environment sent to {settings.slack_api_url}: if that "
            f"is meant, set SLACK_API_URL in the environment too, or keep the tokens beside it in {env_file} only."
        )


def _in_words(error: ValidationError) -> str:
    lines = ["Some settings cannot be used:"]
    for problem in error.errors(include_url=False, include_input=False):
        name = str(problem["loc"][0]).upper() if problem["loc"] else "?"
        said = NUMBERS.get(name) or problem["msg"].removeprefix("Value error, ")
        lines.append(f"  {name}: {said}." + (f" Find it at: {WHERE[name]}." if name in PLACES else ""))
    return "\n".join(lines)


def shipped(name: str) -> Path:
    """The folder or file ``name`` as shipped: inside an installed wheel, or at a checkout's root."""
    for root in (HERE / "_shipped", HERE.parent):
        if (root / name).exists():
            return root / name
    raise SettingsError(f"This installation lacks its {name}; install Credbot again.")
