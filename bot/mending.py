"""What a person at the command line can mend, in a sentence or two that say how."""

from __future__ import annotations

from bot.outbox.slack_errors import SlackProblem
from bot.policies import PolicyError
from bot.settings import SettingsError
from bot.store.engine import Unavailable
from bot.store.opening import BehindError

MENDABLE: tuple[type[Exception], ...] = (
    SettingsError, PolicyError, Unavailable, BehindError, SlackProblem, OSError, ModuleNotFoundError,
)  # fmt: skip


def in_words(error: Exception) -> str:
    """What is wrong and what to do. Anything that is no fault of the surroundings is raised again: a bug."""
    match error:
        case SettingsError() | PolicyError():
            return str(error)
        case BehindError():
            return "The database is not up to date with this version. Run: credbot migrate"
        case Unavailable():
            return f"The database does not answer ({_short(error)}). Check DATABASE_URL and that its server runs."
        case SlackProblem():
            return f"Slack does not let us in ({error.reason}). To see why, and what to do, run: credbot doctor"
        case OSError():
            return f"{error.filename or 'A file'} cannot be used: {error.strerror or error}."
        case ModuleNotFoundError(name="psycopg"):
            return "PostgreSQL needs its driver. Install it: pip install 'credbot[postgres]'"
        case _:
            raise error


def _short(error: Exception) -> str:
    """The first line, without a closing stop."""
    return str(error).strip().partition("\n")[0].rstrip(".")
