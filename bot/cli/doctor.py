"""``credbot doctor``: everything that must be right around the bot, checked, with how to mend what is not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Any

from dotenv import dotenv_values

from bot import policies as policy_files
from bot.cards.words import Words
from bot.cli.manifest import SCOPES
from bot.clock import Clock
from bot.outbox.slack import Slack
from bot.outbox.slack_errors import SlackProblem, in_our_words
from bot.policies import PolicyError
from bot.rules.policy import Policies
from bot.rules.workspace.health import Trouble
from bot.server.errors import in_words, token_trouble
from bot.server.health import MEND, left_out
from bot.settings import WHERE, Settings, SettingsError, read_settings, shipped
from bot.store.audit.chain_check import ChainBroken, verify
from bot.store.audit.origin import RetiredKeyError
from bot.store.engine import Database, Unavailable
from bot.store.file_permissions import files_of, folders_of, read_by_others, sqlite_file, written_by_others
from bot.store.migrations import UnusableSchemaError
from bot.store.reminders.missing_subjects import missing_subjects
from bot.store.schema import BehindError, make_ready
from bot.store.workspace.health import read_health
from bot.store.workspace.policy_gaps import policy_gaps
from bot.store.workspace.quarantine import read_quarantine

SECONDS = 10
MOST_NAMED = 3
NEEDED = ("SLACK_BOT_TOKEN", "CREDBOT_TIMEZONE", "CREDBOT_SECRET_KEY")
OBJECTIONS = {
    "missing": "does not exist, or the bot is not in it. Copy the id from the channel's details, and invite the bot",
    "archived": "is archived. Choose another channel, or unarchive it",
    "public": "is public, and requests name people. Make it private",
    "shared": "is shared with another organization. Choose a channel of your own",
    "org_shared": "is shared with other workspaces of your organization. Choose one of this workspace, or set "
    "org_shared_channels: true in policies/organization.yaml (docs/policies.md)",
    "deactivated": "has no active account. Name somebody else, or have it activated again",
    "outsider": "belongs to neither this workspace nor its organization. Name one of your own people",
    "unknown": "is nobody in this workspace. Copy the id from the person's profile: More, Copy member ID",
    "not_member": "does not have the bot in it. Invite the bot: /invite @credbot",
}


@dataclass(frozen=True, slots=True)
class Good:
    """Something that was checked and is right."""

    what: str

    def __str__(self) -> str:
        return f"  ok    {self.what}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know that stops nothing."""

    what: str

    def __str__(self) -> str:
        return f"  note  {self.what}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, with what to do about it."""

    what: str

    def __str__(self) -> str:
        return f"  FIX   {self.what}".replace("\n", "\n        ")


Line = Good | Note | Finding


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and where each setting comes from."""

    lines: tuple[Line, ...]
    settings: tuple[str, ...]

    @property
    def findings(self) -> list[Finding]:
        return [line for line in self.lines if isinstance(line, Finding)]

    def __str__(self) -> str:
        count = len(self.findings)
        verdict = "Everything is in order." if not count else f"{count} to fix."
        return "\n".join(["Settings", *self.settings, "Checks", *map(str, self.lines), verdict])


def examine() -> Report:
    """Looks at the environment, Slack, the database, policies and templates; changes nothing but a SQLite schema."""
    try:
        settings = read_settings()
    except SettingsError as error:
        return Report((Finding(str(error)), *_unknown_variables(os.environ)), tuple(_sources(os.environ)))
    return Report(tuple(_lines(settings)), tuple(_sources(os.environ)))


def _lines(settings: Settings) -> Iterator[Line]:
    yield from _unknown_variables(os.environ)
    policies = _read_policies(settings)
    yield from _missing(settings)
    yield from _slack(settings, policies)
    yield from _database(settings, policies)
    yield from _files(settings)
    yield from _policies(policies)
    yield from _templates(settings)


def _read_policies(settings: Settings) -> Policies | PolicyError:
    try:
        return policy_files.load(settings.credbot_policies)
    except PolicyError as error:
        return error


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[Line]:
    """What looks like a setting and is none: it was meant to do something, and does nothing."""
    known = {field.upper() for field in Settings.model_fields}
    ours = {name.removeprefix("CREDBOT_"): name for name in known}  # what all share would make all alike
    for name in sorted({*environment, *_in_file()} - known):
        if name.upper().startswith("CREDBOT_"):
            close = get_close_matches(name.upper().removeprefix("CREDBOT_"), ours, n=1)
            mend = f"Did you mean {ours[close[0]]}?" if close else "Take it out: it does nothing."
            yield Finding(f"{name} is not a setting of Credbot's. {mend}")


def _missing(settings: Settings) -> Iterator[Line]:
    for name in NEEDED:
        if not getattr(settings, name.lower()):
            yield Finding(f"{name} is not set: {WHERE[name]}.")
    if not (settings.slack_app_token or settings.slack_signing_secret):
        app, secret = WHERE["SLACK_APP_TOKEN"], WHERE["SLACK_SIGNING_SECRET"]
        yield Finding(f"Set SLACK_APP_TOKEN for Socket Mode ({app}), or SLACK_SIGNING_SECRET for HTTP ({secret}).")


def _slack(settings: Settings, policies: Policies | PolicyError) -> Iterator[Line]:
    org_shared = isinstance(policies, Policies) and policies.organization.org_shared_channels
    slack = Slack(settings.slack_bot_token or "", settings.slack_api_url, timeout=SECONDS, org_shared=org_shared)
    if settings.slack_bot_token:
        bot = list(_bot_token(slack))
        yield from bot
        if any(isinstance(line, Good) for line in bot):
            yield from _channels(slack, settings)
            yield from _admins(slack, settings)
    if settings.slack_app_token and slack.trouble != "no_answer":
        yield from _app_token(slack, settings.slack_app_token)


def _bot_token(slack: Slack) -> Iterator[Line]:
    try:
        me = slack.who_am_i()
    except SlackProblem as problem:
        yield Finding(token_trouble("SLACK_BOT_TOKEN", problem))
        return
    yield Good(f"SLACK_BOT_TOKEN: the bot {me.user_id} in {me.team or me.team_id}")
    lacking = sorted(set(SCOPES) - me.scopes)
    if not me.scopes:
        yield Note("Slack did not say which scopes the bot token has")
    elif lacking:
        yield Finding(
            f"The bot token lacks {', '.join(lacking)}. "
            f"Add {'it' if len(lacking) == 1 else 'them'} under OAuth & Permissions, install the app again, "
            "and copy the token."
        )
    else:
        yield Good("the bot token has every scope it needs")


def _app_token(slack: Slack, token: str) -> Iterator[Line]:
    try:
        with in_our_words():
            slack.client.apps_connections_open(app_token=token)
    except SlackProblem as problem:
        yield Finding(token_trouble("SLACK_APP_TOKEN", problem))
        return
    yield Good("SLACK_APP_TOKEN: Socket Mode opens")


def _channels(slack: Slack, settings: Settings) -> Iterator[Line]:
    for name, channel in (
        ("CREDBOT_APPROVALS_CHANNEL", settings.credbot_approvals_channel),
        ("CREDBOT_TEAM_CHANNEL", settings.credbot_team_channel),
    ):
        if channel:
            yield _asked(partial(slack.channel_ok, channel), name, channel, OBJECTIONS)
    if not settings.credbot_approvals_channel:
        yield Finding(
            "CREDBOT_APPROVALS_CHANNEL is not set: the id of a private channel with the bot in it, where privilege "
            "requests are decided."
        )
    if not settings.credbot_team_channel:
        yield Note("CREDBOT_TEAM_CHANNEL is not set: what nobody answers goes to an admin instead")


def _admins(slack: Slack, settings: Settings) -> Iterator[Line]:
    if not settings.credbot_admins:
        yield Note("CREDBOT_ADMINS is not set: the only admins are those added with `credbot role grant`")
    for admin in settings.credbot_admins:
        yield _asked(partial(_no_admin, slack, admin), "CREDBOT_ADMINS", admin, OBJECTIONS)


def _no_admin(slack: Slack, person: str) -> str | None:
    account = slack.user(person)
    if account is None:
        return "unknown"
    if account.outsider:
        return "outsider"
    return "deactivated" if account.deactivated else None


def _asked(ask: Callable[[], str | None], name: str, value: str, words: Mapping[str, str]) -> Line:
    try:
        objection = ask()
    except SlackProblem as problem:
        return Finding(f"{name}: {value} could not be looked at: Slack answered {problem.reason}.")
    return Finding(f"{name}: {value} {words[objection]}.") if objection else Good(f"{name}: {value}")


def _database(settings: Settings, policies: Policies | PolicyError) -> Iterator[Line]:
    try:
        database = Database(settings.database_url, settings.credbot_secret_key)
        make_ready(database)
    except (ModuleNotFoundError, BehindError, UnusableSchemaError, RetiredKeyError, Unavailable) as error:
        yield Finding(in_words(error))
        return
    yield Good(f"the database answers and is up to date ({'SQLite' if database.on_sqlite else 'PostgreSQL'})")
    if settings.credbot_secret_key:
        yield _chain(database, settings.credbot_secret_key)
    yield from _health(settings, database)
    yield from _subjects(database)
    if isinstance(policies, Policies):
        yield from _policy_gaps(settings, database, policies)


def _files(settings: Settings) -> Iterator[Line]:
    """What only the account that runs Credbot should read: the database, copies of it, and the secrets."""
    database = sqlite_file(settings.database_url)
    secret = [*([Path(".env")] if Path(".env").is_file() else []), *(files_of(database) if database else [])]
    exposed = [file for file in secret if read_by_others(file)]
    yield from (
        Finding(f"Others on this machine may read {file}. Run: chmod 600 {quote(str(file))}") for file in exposed
    )
    open_folders = [folder for folder in folders_of(database) if written_by_others(folder)] if database else []
    for folder in open_folders:
        yield Finding(f"Others may exchange the files in {folder}. Run: chmod go-w {quote(str(folder))}")
    if secret and not exposed and not open_folders:
        yield Good(f"only this account may read {', '.join(file.name for file in secret)}")


def _health(settings: Settings, database: Database) -> Iterator[Line]:
    with database.reading() as session:
        health, (listed, _) = read_health(session), read_quarantine(session)
    if health.stuck:
        waiting = f"{health.stuck} message{'s wait' if health.stuck > 1 else ' waits'}"
        yield Finding(f"{waiting} for a person. Run: credbot status.")
    for one in listed:
        yield Finding(f"A job leaves a file out: {left_out(one, settings.zone)}. Look for the reference in the log.")
    if health.set_aside > len(listed):
        more = health.set_aside - len(listed)
        yield Finding(f"{more} more {'is' if more == 1 else 'are'} left out.")
    if health.others:
        yield Finding(MEND[Trouble.OTHERS])


def _subjects(database: Database) -> Iterator[Line]:
    with database.reading() as session:
        missing = missing_subjects(session)
    if missing:
        count = "1 reminder is" if len(missing) == 1 else f"{len(missing)} reminders are"
        more = f", and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        yield Finding(
            f"{count} about something that is not in the database ({', '.join(missing[:MOST_NAMED])}{more}). Credbot "
            "deletes no record: restore a backup of the database, and where that says the same, report it."
        )


def _policy_gaps(settings: Settings, database: Database, policies: Policies) -> Iterator[Line]:
    with database.reading() as session:
        gaps = policy_gaps(session, policies, Clock(settings.zone).today())
    yield from (Finding(str(gap)) for gap in gaps)
    if not gaps:
        yield Good("the policies describe everything that is on file")


def _chain(database: Database, keys: tuple[str, ...]) -> Line:
    with database.reading() as session:
        found = verify(session, keys)
    if isinstance(found, ChainBroken):
        return Finding(f"{found}.")
    return Good(f"CREDBOT_SECRET_KEY fits the audit chain ({found.head.seq} events)")


def _policies(policies: Policies | PolicyError) -> Iterator[Line]:
    if isinstance(policies, PolicyError):
        yield from (Finding(str(problem)) for problem in policies.problems)
        return
    yield Good(f"policies, version {policies.hash[:12]}")
    if not policies.organization.holidays:
        yield Note("no holidays are set, so every Monday to Friday is a business day (docs/policies.md)")
    examples = _examples(policies)
    if examples:
        yield Note(f"our examples, for your body to adopt (docs/policies.md): {', '.join(examples)}")


def _examples(policies: Policies) -> list[str]:
    """The rules whose numbers are Credbot's own, as ``section/key``."""
    sections: Mapping[str, Any] = {
        name: getattr(policies, name) for name in ("ladders", "routes", "provider_types", "credentials", "privileges")
    }
    found = [f"{section}/{key}" for section, rules in sections.items() for key, rule in rules.items() if rule.example]
    return (["organization"] if policies.organization.example else []) + found


def _templates(settings: Settings) -> Iterator[Line]:
    problems = Words(shipped("messages"), settings.credbot_messages).check()
    yield from (Finding(problem) for problem in problems)
    if not problems:
        yield Good("message templates")


def _sources(environment: Mapping[str, str]) -> Iterator[str]:
    """Where each setting comes from; never what it says."""
    file = _in_file()
    for field in Settings.model_fields:
        name = field.upper()
        if environment.get(name):
            source = "environment"
        elif file.get(name):
            source = ".env"
        else:
            source = "default" if Settings.model_fields[field].default else "not set"
        yield f"  {name:<26} {source}"


def _in_file() -> Mapping[str, str | None]:
    try:
        return dotenv_values(".env", interpolate=False)
    except UnicodeDecodeError:
        return {}
