"""Numbers: what form proves, and what it does not."""

from __future__ import annotations

import pytest

from bot.rules.parsing.identifiers import dea_name_warning, dea_ok, normalize, npi_ok, read_state
from bot.rules.policy import NumberFormat
from bot.rules.refusals import CredentialRefusal, Invalid

NPI = NumberFormat(label="NPI", pattern=r"[12]\d{9}", example="1234567893", check="npi")
DEA = NumberFormat(label="DEA number", pattern=r"[A-Z][A-Z9]\d{7}(-[A-Z0-9]+)?", example="AB1234563", check="dea")
DIGITS = NumberFormat(label="Certificate number", pattern=r"\d{6}", example="012345")
LICENSE = NumberFormat(label="License number", pattern=r"[A-Z0-9 .-]{2,20}", example="012345")


@pytest.mark.parametrize("number", ["1234567893", "1993999998"])
def test_an_npi_with_a_right_check_digit_passes(number: str) -> None:
    """Published test numbers pass."""
    assert npi_ok(number)


@pytest.mark.parametrize("wrong", list("012456789"))
def test_every_other_last_digit_of_an_npi_fails(wrong: str) -> None:
    """Only one last digit fits nine others."""
    assert not npi_ok("123456789" + wrong)


@pytest.mark.parametrize("number", ["", "123456789", "12345678930", "3234567899", "12345678 3", "١٢٣٤٥٦٧٨٩٣"])
def test_what_is_not_ten_digits_after_1_or_2_is_no_npi(number: str) -> None:
    """Length, first digit and script belong to the form."""
    assert not npi_ok(number)


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("AB1234563", True),
        ("A91234563", True),
        ("AB1234563-012", True),
        ("AB1234564", False),
        ("AB1324563", False),
        ("1B1234563", False),
        ("AB123456", False),
        ("ab1234563", False),
    ],
)
def test_a_dea_number_is_checked_on_its_stem(number: str, fits: bool) -> None:
    """Two characters and seven digits, the last of which checks the others; a suffix is left alone."""
    assert dea_ok(number) is fits


@pytest.mark.parametrize(
    ("policy", "typed", "stored"),
    [
        (NPI, " 1234 567 893 ", "1234567893"),
        (NPI, "１２３４５６７８９３", "1234567893"),
        (DEA, "ab 1234563", "AB1234563"),
        (DEA, "ab1234563-012", "AB1234563-012"),
        (LICENSE, "  lcsw   012345 ", "LCSW 012345"),
        (LICENSE, "NO.123456", "123456"),
        (LICENSE, "no 123456", "123456"),
        (LICENSE, "# 123456", "123456"),
        (LICENSE, "1.012345-", "1.012345"),
        (LICENSE, "(A-1).", "A-1"),
    ],
)
def test_a_number_is_stored_as_its_issuer_writes_it(policy: NumberFormat, typed: str, stored: str) -> None:
    """Case and stray spaces do not make another number."""
    assert normalize(policy, typed) == stored


@pytest.mark.parametrize(
    ("policy", "typed", "code"),
    [
        (NPI, "12345", "number_format"),
        (NPI, "1234567890", "npi_check_digit"),
        (DEA, "1234563", "number_format"),
        (DEA, "AB1234560", "dea_check_digit"),
        (DIGITS, "١٢٣٤٥٦", "number_format"),
        (LICENSE, "", "number_format"),
        (LICENSE, "<!channel>", "number_format"),
    ],
)
def test_a_wrong_number_says_what_a_right_one_looks_like(policy: NumberFormat, typed: str, code: str) -> None:
    """A refusal carries the label, an example and what was typed."""
    facts = {"label": policy.label, "example": policy.example, "typed": typed}

    assert normalize(policy, typed) == Invalid("number", code, facts)


@pytest.mark.parametrize(
    ("last_name", "warns"),
    [
        ("Brown", False),
        ("Chen", True),
        ("Álvarez", True),
        ("García-Brown", False),
        ("", False),
        ("陈", False),
    ],
)
def test_a_dea_number_of_another_initial_is_a_warning(last_name: str, warns: bool) -> None:
    """The second letter is compared with each part of the last name, and only where it can be."""
    assert dea_name_warning("AB1234563", last_name) is warns


def test_a_business_dea_number_never_warns() -> None:
    """A 9 in second place belongs to a business name."""
    assert not dea_name_warning("A91234563", "Chen")


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        (" ny ", "NY"),
        ("DC", "DC"),
        ("", Invalid("state", CredentialRefusal.STATE_MISSING)),
        ("ZZ", Invalid("state", CredentialRefusal.STATE_UNKNOWN, {"typed": "ZZ"})),
        ("New York", Invalid("state", CredentialRefusal.STATE_UNKNOWN, {"typed": "New York"})),
    ],
)
def test_a_state_is_its_postal_code(typed: str, state: str | Invalid) -> None:
    """Two letters in any case, and only those of a jurisdiction that licenses."""
    assert read_state(typed) == state
