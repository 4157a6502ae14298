"""What a person at the command line can mend, in a sentence or two that say how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot.outbox.slack_errors import RetryAfter, SlackProblem, trouble_of
from bot.policies import PolicyError
from bot.rules.workspace.policy_gaps import PolicyGapError
from bot.settings import WHERE, SettingsError
from bot.store.audit.origin import RetiredKeyError
from bot.store.engine import Unavailable
from bot.store.migrations import UnusableSchemaError
from bot.store.schema import BehindError

MENDABLE: tuple[type[Exception], ...] = (
    SettingsError, PolicyError, PolicyGapError, Unavailable, BehindError, UnusableSchemaError, RetiredKeyError,
    SlackProblem, OSError, ModuleNotFoundError,
)  # fmt: skip
NO_DRIVER = "PostgreSQL needs its driver. Install it: pip install 'credbot[postgres]'."
BEHIND = "The database is not up to date with this version. Run: credbot migrate"

TOKEN_TROUBLE: Mapping[str, str] = {
    "invalid_auth": "Slack does not know it. Copy it again",
    "not_authed": "Slack does not know it. Copy it again",
    "account_inactive": "the app was removed. Install it again, and copy the new token",
    "token_expired": "it has expired. Install the app again, and copy the new token",
    "token_revoked": "it was revoked. Install the app again, and copy the new token",
    "not_allowed_token_type": "it is another kind of token. Copy the right one",
    "missing_scope": "it lacks a scope. Make a new one with the scope named here",
}


def token_trouble(name: str, problem: SlackProblem) -> str:
    """What is wrong with the token in the setting ``name``, and where the right one is."""
    if isinstance(problem, RetryAfter):
        return f"{name}: Slack asks to wait {problem.seconds or 0:.0f} seconds. Then run this again."
    if trouble_of(problem) == "no_answer":
        return f"Slack cannot be reached ({problem.reason}). Check the network and SLACK_API_URL."
    what = TOKEN_TROUBLE.get(problem.reason, f"Slack answered {problem.reason}")
    return f"{name}: {what}. Where to find it: {WHERE[name]}."


@contextmanager
def naming(token: str) -> Iterator[None]:
    """Calls that this token opens: where Slack objects, SettingsError names the setting to mend."""
    try:
        yield
    except SlackProblem as problem:
        raise SettingsError(token_trouble(token, problem)) from problem


def in_words(error: Exception) -> str:
    """What is wrong and what to do. Anything that is no fault of the surroundings is raised again: a bug."""
    match error:
        case SettingsError() | PolicyError() | PolicyGapError() | UnusableSchemaError() | RetiredKeyError():
            return str(error)
        case BehindError():
            return BEHIND
        case Unavailable():
            return no_database(error)
        case SlackProblem():
            return f"Slack does not let us in ({error.reason}). To see why, and what to do, run: credbot doctor"
        case OSError():
            return f"{error.filename or 'A file'} cannot be used: {error.strerror or error}."
        case ModuleNotFoundError(name="psycopg"):
            return NO_DRIVER
        case _:
            raise error


def no_database(error: Unavailable) -> str:
    """Why the database cannot be used, and where to look."""
    said = str(error).strip().partition("\n")[0].rstrip(".")
    mend = "that its server runs, or its folder is there and may be written to"
    return f"The database does not answer ({said}). Check DATABASE_URL, and {mend}."
