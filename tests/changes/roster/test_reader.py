"""Reading a roster: every bad cell is named by row and column, and nothing is guessed."""

from __future__ import annotations

import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from bot.changes.roster.columns import RosterRejected, RosterRow
from bot.changes.roster.reader import read_rows
from bot.rules.credentials.input import CredentialInput
from bot.rules.policy import Policies
from tests.support.credentials import TODAY

HEADER = "name,provider_type,npi,email,slack_user,credential,state,number,issued_on,expires_on,verified_on,source"


def read(folder: Path, policies: Policies, text: str | bytes) -> list[RosterRow] | RosterRejected:
    path = folder / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_rows(path, policies, TODAY)


def problems(found: list[RosterRow] | RosterRejected) -> list[tuple[int, str]]:
    assert isinstance(found, RosterRejected), found
    return [(problem.row, problem.column) for problem in found.problems]


def test_headers_come_in_any_case_and_order_and_labels_are_understood(tmp_path: Path, policies: Policies) -> None:
    """A byte order mark, capital letters, other orders, and a policy's labels for its keys."""
    text = (
        "\ufeffExpires_On,Credential,STATE,Number,Name,Provider Type\n2027-01-15,State license,ny,a-1,Lee Chen,LCSW\n"
    )

    rows = read(tmp_path, policies, text)

    assert isinstance(rows, list)
    assert (rows[0].provider.name, rows[0].provider.type) == ("Lee Chen", "lcsw")
    assert rows[0].stated == CredentialInput("license", "NY", "A-1", None, date(2027, 1, 15))


def test_a_row_without_a_credential_is_a_provider_only(tmp_path: Path, policies: Policies) -> None:
    """Somebody whose file is still empty comes in, too; empty lines do not."""
    rows = read(tmp_path, policies, "name,provider_type,credential\nLee Chen,lcsw,\n,,\n")

    assert isinstance(rows, list)
    assert [(row.provider.name, row.stated) for row in rows] == [("Lee Chen", None)]


def test_an_empty_expiry_is_read_as_none(tmp_path: Path, policies: Policies) -> None:
    """Some certificates were given for life; of the others the file may hold one, which stays."""
    text = "name,provider_type,credential,number\nLee,psychiatrist,board_certification,70077\n"
    rows = read(tmp_path, policies, text)

    assert isinstance(rows, list)
    assert rows[0].stated == CredentialInput("board_certification", None, "70077")


def test_the_npi_column_is_the_number_of_that_credential(tmp_path: Path, policies: Policies) -> None:
    """It need not be typed twice, and typed on the credential's row alone it is the provider's."""
    rows = read(
        tmp_path,
        policies,
        "name,provider_type,npi,credential,number\nA,lcsw,1234567893,npi,\nB,lcsw,,npi,1993999998\n",
    )

    assert isinstance(rows, list)
    assert [row.provider.npi for row in rows] == ["1234567893", "1993999998"]
    assert [row.stated and row.stated.number for row in rows] == ["1234567893", "1993999998"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (",lcsw,,,,,,,,,,", "name"),
        ("Lee,,,,,,,,,,,", "provider_type"),
        ("Lee,wizard,,,,,,,,,,", "provider_type"),
        ("Lee,lcsw,1234567890,,,,,,,,,", "npi"),
        ("Lee,lcsw,,not an address,,,,,,,,", "email"),
        ("Lee,lcsw,,,@lee,,,,,,,", "slack_user"),
        ("Lee,lcsw,,,,driving,,,,,,", "credential"),
        ("Lee,lcsw,,,,license,,A-1,,2027-01-15,,", "state"),
        ("Lee,lcsw,,,,license,QQ,A-1,,2027-01-15,,", "state"),
        ("Lee,lcsw,,,,license,NY,,,2027-01-15,,", "number"),
        ("Lee,lcsw,,,,dea,NY,AB1234560,,2027-01-15,,", "number"),
        ("Lee,lcsw,,,,bls,NY,,,2027-01-15,,", "state"),
        ("Lee,lcsw,,,,license,NY,A-1,,1/15/2027,,", "expires_on"),
        ("Lee,lcsw,,,,license,NY,A-1,,2027-02-31,,", "expires_on"),
        ("Lee,lcsw,,,,license,NY,A-1,2026-01-01,2025-01-01,,", "expires_on"),
        ("Lee,lcsw,,,,license,NY,A-1,2027-01-01,2028-01-01,,", "issued_on"),
        ("Lee,lcsw,,,,residency,,,,2027-01-15,,", "expires_on"),
        ("Lee,lcsw,,,,license,NY,A-1,,2027-01-15,2027-01-01,", "verified_on"),
        ("Lee,lcsw,,,,,,A-1,,,,", "number"),
        ("Lee,lcsw,1234567893,,,npi,,1993999998,,,,", "number"),
        ("Lee,lcsw,,,,,,,,,,,too much", "(beyond the last)"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(tmp_path: Path, policies: Policies, cells: str, column: str) -> None:
    """One bad cell is one problem, in the row where a spreadsheet shows it."""
    assert problems(read(tmp_path, policies, f"{HEADER}\n{cells}\n")) == [(2, column)]


@pytest.mark.parametrize(
    ("day", "asked", "meant"),
    [
        ("2072-12-31", "2072-12-31: is the year right?", date(2072, 12, 31)),
        ("2027-02-29", "There is no “2027-02-29”: is it 2027-02-28?", date(2027, 2, 28)),
        ("2027-12", "“2027-12” is a month: is it 2027-12-31, its last day?", date(2027, 12, 31)),
        ("Dec 2027", "“Dec 2027” is a month: is it 2027-12-31, its last day?", date(2027, 12, 31)),
    ],
)
def test_what_a_form_would_ask_takes_a_yes_in_its_row(
    tmp_path: Path, policies: Policies, day: str, asked: str, meant: date
) -> None:
    """An error that says what to write, and accepted once the row says so."""
    header = "name,provider_type,credential,state,number,issued_on,expires_on,confirm"
    refused = read(tmp_path, policies, f"{header}\nLee,lcsw,license,NY,A-1,,{day},\n")
    taken = read(tmp_path, policies, f"{header}\nLee,lcsw,license,NY,A-1,,{day},Yes\n")

    assert isinstance(refused, RosterRejected)
    [problem] = refused.problems
    assert (problem.row, problem.column) == (2, "expires_on")
    assert problem.what == f"{asked} If it is, write yes in a column “confirm”."
    assert isinstance(taken, list)
    assert taken[0].stated
    assert taken[0].stated.expires_on == meant


def test_a_yes_or_nothing_confirms(tmp_path: Path, policies: Policies) -> None:
    """Anything else in that column is named."""
    text = "name,provider_type,confirm\nLee,lcsw,maybe\nMaya,lcsw,no\n"

    assert problems(read(tmp_path, policies, text)) == [(2, "confirm")]


def test_a_month_is_its_last_day_on_cards_that_show_months(tmp_path: Path, policies: Policies) -> None:
    """Nothing is asked of a BLS card; its code may be left out."""
    rows = read(tmp_path, policies, "name,provider_type,credential,expires_on\nLee,lcsw,bls,2027-12\n")

    assert isinstance(rows, list)
    assert rows[0].stated == CredentialInput("bls", None, None, None, date(2027, 12, 31))


def test_all_bad_cells_are_named_at_once(tmp_path: Path, policies: Policies) -> None:
    """Nobody mends a file one error at a time."""
    text = f"{HEADER}\nLee,lcsw,,,,license,QQ,?,,2027-02-31,,\nMaya,wizard,,,,,,,,,,\n"

    assert problems(read(tmp_path, policies, text)) == [
        (2, "expires_on"),
        (2, "state"),
        (2, "number"),
        (3, "provider_type"),
    ]


def test_another_date_format_is_refused_with_the_way_to_write_it(tmp_path: Path, policies: Policies) -> None:
    """The sentence shows this very day as the file needs it."""
    found = read(tmp_path, policies, f"{HEADER}\nLee,lcsw,,,,license,NY,A-1,,1/15/2027,,\n")

    assert isinstance(found, RosterRejected)
    assert "2027-01-15" in found.problems[0].what


@pytest.mark.parametrize(
    ("content", "column"),
    [
        (b"", "file"),
        (b"name,provider_type\nJos\xe9,lcsw\n", "file"),
        (b'name,provider_type\n"Lee,lcsw\n', "file"),
        (b"name,provider_type,shoe size\n", "shoe_size"),
        (b"name,provider_type,name\n", "name"),
        (b"name,email\n", "provider_type"),
    ],
)
def test_a_file_that_is_no_roster_says_why(tmp_path: Path, policies: Policies, content: bytes, column: str) -> None:
    """Not UTF-8, no CSV, empty, an unknown column, one twice, one missing."""
    assert problems(read(tmp_path, policies, content)) == [(1, column)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"\n" * 20_000_001, "It has more than 20 MB."),
        (b"name,provider_type\n" + b"L,lcsw\n" * 50_001, "It has more than 50,000 rows."),
    ],
)
def test_a_file_beyond_measure_is_refused_in_a_sentence(
    tmp_path: Path, policies: Policies, text: bytes, what: str
) -> None:
    """What to do instead is said, and no more of it is read than the limit."""
    found = read(tmp_path, policies, text)

    assert isinstance(found, RosterRejected)
    assert [(problem.column, problem.what.startswith(what)) for problem in found.problems] == [("file", True)]


def test_a_file_of_newlines_takes_little_memory(tmp_path: Path, policies: Policies) -> None:
    """Empty lines are passed over one by one; a list of them would take hundreds of bytes each."""
    path = tmp_path / "roster.csv"
    path.write_bytes(b"name,provider_type\n" + b"\n" * 1_000_000 + b"Lee Chen,lcsw\n")

    tracemalloc.start()
    found = read_rows(path, policies, TODAY)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert isinstance(found, list)
    assert found[0].row == 1_000_002
    assert peak < 30_000_000  # of which 20 are the room that is made for the file


@pytest.mark.parametrize(
    ("column", "day"),
    [
        ("expires_on", "9999-12-31"),
        ("issued_on", "0001-01-01"),
        ("hired_on", "9999-12-31"),
        ("verified_on", "0001-01-01"),
    ],
)
def test_a_day_that_no_file_reaches_is_named(tmp_path: Path, policies: Policies, column: str, day: str) -> None:
    """Years near 1 and 9999 leave no room to count from."""
    text = f"name,provider_type,credential,state,number,{column}\nLee,lcsw,license,NY,A-1,{day}\n"
    found = read(tmp_path, policies, text)

    assert problems(found)[0] == (2, column)
    assert isinstance(found, RosterRejected)
    assert found.problems[0].what == f"“{day}” is not a day between 1900 and 2199."


def test_what_nobody_can_see_is_left_out_of_a_cell(tmp_path: Path, policies: Policies) -> None:
    """Neither NUL nor an escape for a terminal nor a turned reading direction reaches a table."""
    rows = read(tmp_path, policies, "name,provider_type\n\x1bLee\u202e \x00Chen\u200b,lcsw\n")

    assert isinstance(rows, list)
    assert rows[0].provider.name == "Lee Chen"
