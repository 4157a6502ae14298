"""Days, moments and heads as they are typed at the command line; what does not parse ends with status 2."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.store.audit import Head


def day(words: str, option: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise typer.BadParameter(f"{words!r} is no day; write it as 2026-12-01.", param_hint=option) from None


def moment(words: str, zone: tzinfo) -> datetime:
    """Noon for a bare date; ``zone`` where no offset is given."""
    try:
        if len(words) == len("2026-12-01"):
            at = datetime.combine(date.fromisoformat(words), time(12))
        else:
            at = datetime.fromisoformat(words)
    except ValueError:
        raise typer.BadParameter(
            f"{words!r} is no moment; write it as 2026-12-01 or 2026-12-01T09:00.", param_hint="--at"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def head(words: str) -> Head:
    from bot.store.audit import Head

    seq, _, hashed = words.partition(":")
    if not seq.isdecimal() or not hashed:
        raise typer.BadParameter("Write it as SEQ:HASH, as audit verify prints it.", param_hint="--head")
    return Head(int(seq), hashed)
