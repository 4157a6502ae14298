"""A terminal shows what Credbot says, and obeys nobody whose name it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.changes.people.accounts import remember_person
from bot.outbox.slack_values import User, profile_of
from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.schema import make_ready
from tests.cli.conftest import Credbot
from tests.conftest import KEY

STEERS = ("\x1b", "\r", "\x9b", "\u202e", "\x00")


@pytest.fixture
def nasty(tmp_path: Path, ctx: Context) -> str:
    """A database that holds a name from before names were cleaned."""
    url = f"sqlite:///{tmp_path / 'credbot.db'}"
    db = Database(url, (KEY,))
    make_ready(db)
    db.transact(lambda session: remember_person(session, ctx, profile_of(account("UADMIN"))))
    with db.engine.begin() as connection:
        name = "Cora\x1b[2J\r\u202eDiaz\nUEVIL  admin"
        connection.exec_driver_sql("UPDATE person SET name = ?", (name,))
    db.dispose()
    return url


def account(slack_user_id: str, name: str = "Cora Diaz") -> User:
    return User(slack_user_id, name, None, None, guest=False, bot=False, deactivated=False, outsider=False)


@pytest.mark.usefixtures("secrets")
def test_a_name_steers_no_terminal_and_poses_as_no_line(credbot: Credbot, nasty: str) -> None:
    """Escapes, returns and turned directions are left out, and one person is one line."""
    ran = credbot("role list", DATABASE_URL=nasty, CREDBOT_ADMINS="UADMIN")

    assert ran.status == 0
    assert not any(sign in ran.out for sign in STEERS)
    assert len(ran.out.splitlines()) == 1


def test_a_name_in_slack_is_kept_on_one_line() -> None:
    """People choose their names themselves; whoever chooses none that can be read goes by the id."""
    assert profile_of(account("U1", "Cora\x1b[2J\r\n\u202e Diaz\u200b")).name == "Cora[2J Diaz"
    assert profile_of(account("U1", "\u200b\u202e")).name == "U1"


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    "words",
    [
        "nudges preview --on 9999-12-31",
        "nudges preview --on 0001-01-01",
        "messages arrived 9999999999999",
        "messages arrived 0",
        "audit verify --head 99999999999999999999:abc",
    ],
)
def test_what_no_database_holds_is_refused_with_its_option(credbot: Credbot, words: str) -> None:
    """One sentence, status 2, and no traceback."""
    ran = credbot(words)

    assert ran.status == 2
    assert "Traceback" not in ran.err
