"""What is evidence of a look, on which day it can have been one, and which source is meant."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.rules.credentials.identity import Identity
from bot.rules.credentials.models import SourceStanding, Term, VerificationResult
from bot.rules.credentials.sources import source_named
from bot.rules.credentials.verification import SourceView, check_seen, first_day, leads_back, result_of
from bot.rules.policy import Policies, SourceClass
from bot.rules.refusals import CredentialRefusal, Invalid

TODAY = date(2026, 11, 23)
TERM = Term(1, "A-1", date(2026, 6, 1), date(2028, 5, 31), datetime(2026, 6, 1, tzinfo=UTC), "Cora")
LOOK = SourceView(
    source="State licensing board",
    method="website",
    verified_on=TODAY,
    standing=SourceStanding.ACTIVE,
    number_shown="A-1",
    expires_shown=date(2028, 5, 31),
    reference="https://board.example/1",
    source_class=SourceClass.PRIMARY,
)


@pytest.mark.parametrize(
    "reference",
    ["https://www.op.nysed.gov/verify/1", "http://board.example", "receipt 42", "W-20261123", "COI 2027", "A123"],
)
def test_a_reference_is_an_address_or_a_number(reference: str) -> None:
    """A host with a dot, or four characters and a digit among them."""
    assert leads_back(reference)


@pytest.mark.parametrize(
    "reference",
    ["x", "12", "none", "the website", "https://", "https://board1", "https://.1", "ftp://b.example/1", "http://[1.2"],
)
def test_what_leads_nowhere_is_no_reference(reference: str) -> None:
    """A word, a host alone, or an address of another kind."""
    assert not leads_back(reference)


@pytest.mark.parametrize(
    ("source_class", "result"),
    [
        ("primary", "verified"),
        ("agent", "verified"),
        ("accepted", "verified"),
        ("reviewed", "not_counted"),
        ("self_reported", "not_counted"),
        (None, "not_counted"),
    ],
)
def test_three_classes_verify(source_class: str | None, result: str) -> None:
    """From the others, and from a source that no policy knows, nothing is verified."""
    worth = SourceClass(source_class) if source_class else None
    assert result_of(_look(source_class=worth), TERM) == VerificationResult(result)


def test_a_board_status_has_to_be_seen(policies: Policies) -> None:
    """Of a type whose sources show one none is assumed."""
    problem = check_seen(_look(standing=SourceStanding.NOT_SHOWN), TERM, policies.credentials["license"], TODAY)
    assert isinstance(problem, Invalid)
    assert (problem.field, problem.code) == ("standing", CredentialRefusal.STANDING_MISSING)


@pytest.mark.parametrize(
    ("key", "issued", "expires", "first"),
    [
        ("license", date(2026, 6, 1), date(2028, 5, 31), date(2026, 6, 1)),
        ("license", date(2010, 6, 1), date(2028, 5, 31), date(2024, 5, 31)),
        ("license", None, date(2028, 5, 31), date(2024, 5, 31)),
        ("malpractice", date(2027, 1, 1), date(2027, 12, 31), date(2024, 12, 31)),
        ("residency", date(2010, 6, 30), None, date(2010, 6, 30)),
        ("npi", None, None, None),
    ],
)
def test_a_look_belongs_to_its_term(
    policies: Policies, key: str, issued: date | None, expires: date | None, first: date | None
) -> None:
    """The later of its beginning and its expiry less the longest term; what begins later may be looked up before."""
    assert first_day(issued, expires, policies.credentials[key]) == first


@pytest.mark.parametrize(
    ("identity", "said", "label"),
    [
        (Identity("license", "NY"), "the  NY Board", "State licensing board"),
        (Identity("license", "NJ"), "NY board", None),
        (Identity("license", "NY"), "NPPES", None),
        (Identity("license", "NY"), "AMA profile", None),
        (Identity("npi"), "nppes", "NPPES NPI Registry"),
        (Identity("residency"), "ECFMG", None),
        (Identity("residency"), "AMA profile", "AMA Physician Masterfile"),
        (Identity("dea", "NY"), "DEA", "DEA registration validation"),
        (Identity("tms_permit", "NY"), "board", None),
    ],
)
def test_a_source_is_one_of_its_credential(
    policies: Policies, identity: Identity, said: str, label: str | None
) -> None:
    """NPPES is one for the NPI and for nothing else, the AMA never for a license; another state's board is another."""
    found = source_named(policies, identity, said)
    assert (found.label if found else None) == label


def test_whatever_the_provider_says_of_themselves_is_not_their_verification(policies: Policies) -> None:
    """CAQH verifies the date of its attestation, and nothing else."""
    worth = {key: source_named(policies, Identity(key), "CAQH") for key in policies.credentials}
    assert [key for key, source in worth.items() if source and source.verifies] == ["caqh"]


def _look(**facts: object) -> SourceView:
    return SourceView(**{**{name: getattr(LOOK, name) for name in LOOK.__slots__}, **facts})  # type: ignore[arg-type]
