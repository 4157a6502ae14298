"""What must not stand in any process's log: tokens, what opens an answer, and who or what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlmodel import col, select

from bot.bot import Bot
from bot.store.tables import CredentialTerm, PersonRow, ProviderRow
from slack_sandbox.workspace import Workspace

RESPONSE_URL = re.compile(r"https?(?:://|%3A%2F%2F)\S*(?:commands|actions|response)(?:/|%2F)\S+")


def leaks(told: str, secrets: Iterable[str]) -> list[str]:
    """Which of these stand in a log, each by itself (not inside a longer number), and every response_url."""
    found = {secret for secret in secrets if re.search(rf"(?<![\w.]){re.escape(secret)}(?!\w)", told)}
    return sorted(found | set(RESPONSE_URL.findall(told)))


def secrets_of(bot: Bot, workspace: Workspace) -> set[str]:
    """Tokens and keys, names and addresses of people, every number on file. Ids, which a log may tell, are left out."""
    app, settings = workspace.app, bot.settings
    tokens = {app.bot_token, app.app_token, app.signing_secret, settings.database_url, *settings.credbot_secret_key}
    with bot.reading() as session:
        kept = {
            str(value)
            for column in (
                PersonRow.name,
                PersonRow.email,
                ProviderRow.name,
                ProviderRow.email,
                ProviderRow.npi,
                CredentialTerm.number,
            )
            for value in session.exec(select(col(column)).distinct())
            if value
        }
    return tokens | (kept - {person.id for person in workspace.people.all()})
