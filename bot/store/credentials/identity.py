"""A credential's identity as it is stored."""

from __future__ import annotations

from typing import Any

from bot.rules.credentials.identity import Identity, identity_of
from bot.store.bulk import table
from bot.store.tables import CredentialRow

CREDENTIAL = table(CredentialRow)
IDENTITY = (CREDENTIAL.c.type, CREDENTIAL.c.jurisdiction, CREDENTIAL.c.kind, CREDENTIAL.c.label)
"""The columns, in the order of ``Identity.columns``."""


def identity_in(row: Any) -> Identity:
    """From a row that has these columns under their own names; what is empty is nothing."""
    return identity_of(row.type, row.jurisdiction, row.kind, row.label)
