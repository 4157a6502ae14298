"""What is taken out on the command line: all of it, its reader's alone, and on record."""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("secrets")

ROSTER = (
    "name,email,provider_type,npi,department,credential,state,number,expires_on,verified_on,source\n"
    "Lee Chen,lee@riverbend.test,psychiatrist,1234567893,=Psychiatry,license,NY,245871,2027-12-31,2026-01-15,NYSED\n"
    "Maya Okafor,maya@riverbend.test,pmhnp,,Psychiatry,license,NY,F340012,2028-02-29,2026-01-15,NYSED\n"
)


@pytest.fixture
def clinic(credbot, tmp_path: Path) -> sqlite3.Connection:
    """Lee's and Maya's files, imported; and the database behind the bot's back."""
    (tmp_path / "roster.csv").write_text(ROSTER)
    ran = credbot("import roster roster.csv")
    assert ran.status == 0, ran.err
    return sqlite3.connect(tmp_path / "credbot.db", isolation_level=None)


def exported(credbot, tmp_path: Path, provider: str = "lee@riverbend.test") -> dict[str, Any]:
    ran = credbot(f"export person lee.json --provider {provider}")
    assert ran.status == 0, ran.err
    return json.loads((tmp_path / "lee.json").read_text())


def test_a_person_is_exported_whole(credbot, clinic, tmp_path: Path) -> None:
    """File, terms, verifications and events of the one who is meant; nothing of anybody else; who read it is named."""
    found = exported(credbot, tmp_path)
    assert (found["about"], found["read_by"]) == ("Lee Chen", "cli")
    assert [one["name"] for one in found["provider"]] == ["Lee Chen"]
    assert [one["number"] for one in found["terms"]] == ["245871"]
    assert [one["source"] for one in found["verifications"]] == ["NYSED"]
    assert {"provider:1", "term:1"} <= {event["subject"] for event in found["audit_events"]}
    assert "Maya" not in json.dumps(found)
    assert "F340012" not in json.dumps(found)


def test_an_account_that_was_taken_off_is_exported_with_the_file(credbot, clinic, tmp_path: Path) -> None:
    """Account, roles and messages of whoever was linked once, and until when; a number that the file had, too."""
    assert credbot("role grant U0123ABCD auditor").status == 0
    [(account, now)] = clinic.execute(
        "SELECT person_id, recorded_at FROM role_assignment WHERE role = 'auditor'"
    ).fetchall()
    clinic.execute("INSERT INTO former_account (provider_id, person_id, until) VALUES (1, ?, ?)", (account, now))
    clinic.execute("INSERT INTO former_npi (provider_id, npi, until) VALUES (1, '1992999874', ?)", (now,))
    clinic.execute(
        """INSERT INTO outbox_message (kind, subject, facts, channel, key, state, attempts, created_at, search_attempts)
           VALUES ('nudge', 1, '{}', ?, 'k', 'sent', 1, ?, 0)""",
        (f"person:{account}", now),
    )
    found = exported(credbot, tmp_path)
    assert [one["person_id"] for one in found["former_accounts"]] == [account]
    assert [one["slack_user_id"] for one in found["account"]] == ["U0123ABCD"]
    assert [one["role"] for one in found["roles"]] == ["auditor"]
    assert "nudge" in [one["kind"] for one in found["messages_to_them"]]
    assert [one["npi"] for one in found["former_npis"]] == ["1992999874"]
    assert f"person:{account}" in {event["subject"] for event in found["audit_events"]}


def test_an_export_is_on_record(credbot, clinic, tmp_path: Path) -> None:
    """Who took whose file out, and how much it was, stands in the audit chain, which still holds."""
    exported(credbot, tmp_path)
    actor, subject, after = clinic.execute(
        "SELECT actor, subject, after FROM audit_event WHERE act = 'person_exported'"
    ).fetchone()
    assert (actor, subject, json.loads(after)["records"]["terms"]) == ("cli", "provider:1", 1)
    assert credbot("audit verify").status == 0


def test_an_export_is_readable_by_its_owner_alone(credbot, clinic, tmp_path: Path) -> None:
    """Under any umask, and where a file of that name was readable by all before."""
    (tmp_path / "lee.json").write_text("old and longer than nothing")
    (tmp_path / "lee.json").chmod(0o644)
    before = os.umask(0)
    try:
        exported(credbot, tmp_path)
        credbot("audit export chain.csv")
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("lee.json", "chain.csv")] == [0o600, 0o600]


def test_restricted_parts_are_named_and_not_shown(credbot, clinic, tmp_path: Path) -> None:
    """What a source showed that is adverse, and whether an investigation is open: not in rows, nor in events."""
    clinic.execute("UPDATE verification SET standing = 'revoked', public_action = 1")
    clinic.execute(
        """INSERT INTO provider_status (provider_id, status, valid_from, recorded_at, reason_class, investigation)
           SELECT 1, 'ended', '2026-01-01', recorded_at, 'resigned', 'yes' FROM credential_term LIMIT 1"""
    )
    found = exported(credbot, tmp_path)
    assert [(one["standing"], one["public_action"]) for one in found["verifications"]] == [("not active", "restricted")]
    assert [one["investigation"] for one in found["statuses"]] == ["restricted"]
    assert "revoked" not in json.dumps(found)
    assert "“restricted” stands where something is on record" in found["note"]


@pytest.mark.parametrize("words", ["1234567893", "LEE@riverbend.test"])
def test_a_person_is_meant_by_npi_or_address(credbot, clinic, tmp_path: Path, words: str) -> None:
    """The same ways as after ``/cred``."""
    assert exported(credbot, tmp_path, words)["about"] == "Lee Chen"


def test_nobody_by_that_name_is_said(credbot, clinic, tmp_path: Path) -> None:
    """Status 1, what to write instead, and no file."""
    ran = credbot("export person lee.json --provider nobody@riverbend.test")
    assert (ran.status, "No provider here is nobody@riverbend.test." in ran.err) == (1, True)
    assert not (tmp_path / "lee.json").exists()


@pytest.mark.parametrize("words", ["export person lee.xlsx --provider 1234567893", "audit export chain.txt"])
def test_another_ending_does_not_parse(credbot, words: str) -> None:
    """XLSX is not written yet; the answer says what is."""
    ran = credbot(words)
    said = re.sub(r"\W+", " ", ran.err)
    assert (ran.status, "I write json and csv so far" in said) == (2, True)


def test_a_person_as_csv_is_a_line_for_each_fact(credbot, clinic, tmp_path: Path) -> None:
    """Every field with its record; a cell that a spreadsheet would run is text."""
    credbot("export person lee.csv --provider 1234567893")
    lines = list(csv.reader((tmp_path / "lee.csv").open(newline="")))
    assert lines[0] == ["record", "id", "field", "value"]
    assert ["terms", "1", "number", "245871"] in lines
    assert ["provider", "1", "department", "'=Psychiatry"] in lines


def test_the_chain_is_exported_event_by_event(credbot, clinic, tmp_path: Path) -> None:
    """All events in order with their hashes, the export itself as the last; as JSON and as CSV."""
    ran = credbot("audit export chain.json")
    events = json.loads((tmp_path / "chain.json").read_text())
    assert ran.out == f"chain.json: {len(events)} events.\n"
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (events[0]["act"], events[-1]["act"]) == ("chain_begun", "audit_exported")
    credbot("audit export chain.csv")
    rows = list(csv.DictReader((tmp_path / "chain.csv").open(newline="")))
    assert [row["hash"] for row in rows[:-1]] == [event["hash"] for event in events]
