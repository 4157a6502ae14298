"""The app that is installed in the workspace: who it is and what it may do."""

import secrets
from dataclasses import dataclass, field

SCOPES = (
    "commands chat:write im:write im:history groups:history groups:read channels:read "
    "users:read users:read.email app_mentions:read"
)


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))


def _new_bot_token() -> str:
    return f"xoxb-{_digits(12)}-{_digits(12)}-{secrets.token_hex(12)}"


def _new_app_token() -> str:
    return f"xapp-1-A{_digits(9)}-{_digits(12)}-{secrets.token_hex(16)}"


@dataclass(frozen=True)
class Installation:
    """Ids and secrets of the installed app; every workspace has its own, freshly drawn."""

    bot_user: str
    commands: tuple[str, ...]
    app_id: str = "A00000001"
    bot_id: str = "B00000001"
    scopes: frozenset[str] = frozenset(SCOPES.split())
    bot_token: str = field(default_factory=_new_bot_token)
    app_token: str = field(default_factory=_new_app_token)
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12))
