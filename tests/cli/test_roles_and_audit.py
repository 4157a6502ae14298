"""Roles and the audit chain from the command line."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.conftest import KEY

pytestmark = pytest.mark.usefixtures("secrets")


def test_a_granted_role_is_listed(credbot):
    """A role that was granted by Slack id stands in the list, with the body it is for."""
    assert credbot("role grant U0123ABCD approver:credentials_committee@Psychiatry").status == 0
    assert "<U0123ABCD>  approver:credentials_committee@Psychiatry  since " in credbot("role list").out


def test_roles_add_up_and_are_taken_away_one_by_one(credbot):
    """Revoking one role leaves the other."""
    for role in ("coordinator", "admin"):
        credbot(f"role grant U0123ABCD {role}")
    assert credbot("role revoke U0123ABCD admin").status == 0
    assert re.findall(r"coordinator|admin", credbot("role list").out) == ["coordinator"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("role grant nobody@riverbend.test coordinator", "nobody@riverbend.test"),
        (
            "role grant U0123ABCD approver:chairs",
            (
                "“chairs” isn't a body in any approval route. "
                "The bodies are credentials_committee, department_chair and medical_director."
            ),
        ),
        ("role revoke U0123ABCD auditor", "auditor"),
    ],
)
def test_what_cannot_be_granted_is_said(credbot, words, said):
    """Unknown people, misspelt bodies and roles not held end with status 1 and a sentence."""
    ran = credbot(words)
    assert ran.status == 1
    assert said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("role", "said"),
    [("cordinator", "Did you mean coordinator?"), ("coordinator:board", "Only an approver acts for a body")],
)
def test_words_that_are_no_role_do_not_parse(credbot, role, said):
    """A misspelt role is an argument that does not parse: status 2, with what was meant."""
    ran = credbot(f"role grant U0123ABCD {role}")
    assert (ran.status, said in ran.err) == (2, True)


def test_an_admin_of_the_environment_cannot_be_revoked(credbot):
    """Whoever CREDBOT_ADMINS names stays an admin, and the answer says where to take the id out."""
    credbot("role grant U0123ABCD auditor", CREDBOT_ADMINS="U0123ABCD")
    ran = credbot("role revoke U0123ABCD admin")
    assert (ran.status, "CREDBOT_ADMINS" in ran.err) == (1, True)


def test_a_whole_chain_verifies_and_prints_its_head(credbot):
    """``audit verify`` prints a head that a later run finds in the chain."""
    credbot("role grant U0123ABCD admin")
    head = credbot("audit verify").out.split()[-1]
    credbot("role grant U0123ABCD auditor")
    assert credbot(f"audit verify --head {head}").status == 0


def test_a_head_of_another_chain_is_a_finding(credbot):
    """A head that does not lie in the chain is reported as a rewritten history."""
    credbot("role grant U0123ABCD admin")
    ran = credbot(f"audit verify --head 1:{'0' * 64}")
    assert (ran.status, "does not lie in this chain" in ran.err) == (1, True)


def test_a_changed_event_is_named(credbot, tmp_path: Path):
    """An event that somebody edited in the database is named by its number."""
    credbot("role grant U0123ABCD admin")
    with sqlite3.connect(tmp_path / "credbot.db") as database:
        database.execute("UPDATE audit_event SET actor = 'somebody else' WHERE seq = 1")
    ran = credbot("audit verify")
    assert (ran.status, "broken at event 1" in ran.err) == (1, True)


def test_a_head_that_is_none_does_not_parse(credbot):
    """``--head`` takes SEQ:HASH only."""
    assert credbot("audit verify --head latest").status == 2


def test_verification_says_what_it_looked_at(credbot):
    """Each thing that the chain was held against has its line, and the head is the last."""
    credbot("role grant U0123ABCD admin")
    first, *checked, head = credbot("audit verify").out.splitlines()
    assert first == "The audit chain holds: 3 events."
    assert checked[0] == "every event follows from the one before, up to the head"
    assert checked[1].startswith("it begins in this database (")
    assert checked[2:4] == ["changes of key: 0", "heads that were posted or given, and lie in it: 0"]
    assert checked[4].startswith("each has an event that names it (1 person, 0 provider, 0 term,")
    assert head.startswith("3:")


def test_an_emptied_chain_is_a_finding(credbot, tmp_path: Path):
    """With the head set back, no event is left that does not fit; the database tells otherwise."""
    credbot("role grant U0123ABCD admin")
    with sqlite3.connect(tmp_path / "credbot.db") as database:
        database.execute("DELETE FROM audit_event")
        database.execute("UPDATE audit_head SET seq = 0, hash = ?, key_id = NULL", ("0" * 64,))
    ran = credbot("audit verify")
    assert (ran.status, "this database had a chain, and there is none" in ran.err) == (1, True)


def test_a_retired_key_in_front_is_said_before_anything_is_done(credbot):
    """Keys in the wrong order: a sentence that says so, and nothing is recorded."""
    newer = Fernet.generate_key().decode()
    credbot("role grant U0123ABCD admin")
    credbot("role grant U0123ABCD coordinator", CREDBOT_SECRET_KEY=f"{newer},{KEY}")
    ran = credbot("role grant U0123ABCD auditor", CREDBOT_SECRET_KEY=f"{KEY},{newer}")
    assert (ran.status, "Put the newest key first" in ran.err) == (1, True)
    assert "changes of key: 1" in credbot("audit verify", CREDBOT_SECRET_KEY=f"{newer},{KEY}").out


def test_a_new_key_with_which_nothing_was_started_is_said_and_pinned_by_the_start(credbot):
    """``audit verify`` says what to do and records nothing; after ``credbot migrate`` the chain verifies."""
    newer = f"{Fernet.generate_key().decode()},{KEY}"
    credbot("role grant U0123ABCD admin")
    for _ in range(2):
        ran = credbot("audit verify", CREDBOT_SECRET_KEY=newer, CREDBOT_ADMINS="U0123ABCD,U0123ABCE")
        assert (ran.status, "start Credbot once with the new key, or run credbot migrate" in ran.err) == (1, True)
    assert credbot("migrate").status == 0
    assert "changes of key: 1" in credbot("audit verify").out


def test_a_command_that_opens_for_writing_pins_a_new_key(credbot):
    """Also one that then records nothing else."""
    credbot("role grant U0123ABCD admin")
    credbot("role list", CREDBOT_SECRET_KEY=f"{Fernet.generate_key().decode()},{KEY}")
    assert "changes of key: 1" in credbot("audit verify").out
