"""Markup, mentions and odd letters typed into every field: shown as typed, and nothing more."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Clinic

NASTY = [
    "<!channel> *Dr* _Evil_ & <https://evil.example|click me>",
    "<@U00000001> <!here> <!subteam^S1|all> `code` ~gone~ > quoted",
    "{{ 7 * 7 }} {% raw %} ${HOME} %s %(name)s \\n </script>",
    "\u202etxet sdrawkcab שלום 👩‍⚕️ 李小龍 \u200d",
]


@pytest.mark.parametrize("typed", NASTY)
def test_a_line_of_markup_is_answered_as_text(clinic: Clinic, typed: str) -> None:
    """Whatever follows ``/cred`` is words; the sandbox fails the run where any of it comes back as markup."""
    for command in ("", "add ", "add @lee ", "add @lee license NY ", "status ", "expiring ", "eligible ", "provider "):
        clinic.cora.types(f"/cred {command}{typed}")
        if clinic.cora.modal:
            clinic.eventually(lambda: bool(clinic.cora.modal and "looking it up" not in clinic.cora.modal.text))
            clinic.cora.closes()
    clinic.cora.sees("I don't know")
    clinic.cora.never_sees("Something went wrong", for_=0.2)


@pytest.mark.parametrize("typed", NASTY)
def test_markup_in_a_providers_record_stays_text_everywhere(clinic: Clinic, typed: str) -> None:
    """A name and a department of markup are shown as typed, by every command that shows them."""
    clinic.cora.types("/cred provider")
    clinic.cora.fills({"Name": typed, "Type": "Psychiatrist", "Department": typed, "NPI": "1234567893"})
    clinic.cora.submits()
    clinic.cora.sees("was added.")
    clinic.cora.closes()
    clinic.cora.types("/cred add 1234567893 bls 2026-12-15")
    clinic.cora.sees("Recorded: BLS")
    for words in ("status", "privileges", "eligible psychotherapy_core"):
        clinic.cora.types(f"/cred {words} 1234567893")
    for words in ("expiring", "queue"):
        clinic.cora.types(f"/cred {words}")
    clinic.cora.sees("What waits for you")
    clinic.cora.types("/cred verify 1234567893")
    clinic.cora.sees("Verify at the source")


@pytest.mark.parametrize("typed", NASTY)
def test_markup_in_a_verification_stays_text(clinic: Clinic, typed: str) -> None:
    """Source, reference and who answered are kept as typed, and shown so in the answer."""
    clinic.lee.types("/cred add license NY A-123456 2027-12-15")
    clinic.lee.sees("Recorded")
    clinic.cora.types("/cred verify @lee")
    clinic.cora.fills(
        {
            "Source": "Another source",
            "Other source": typed,
            "Method": "Phone",
            "Number shown": "A-999999",
            "Expiration shown": "2027-12-15",
            "Status shown": "Active",
            "Public action shown": "No",
            "Reference": typed,
            "Number called": "212-555-0100",
            "Who answered": typed,
        }
    )
    clinic.cora.submits()
    clinic.cora.sees("is not a source that verifies State license (NY).")


@pytest.mark.parametrize("typed", NASTY)
def test_markup_in_a_form_that_is_refused_stays_as_typed(clinic: Clinic, typed: str) -> None:
    """A number of markup is no number; the field still holds it."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "State license", "State": "NY – New York", "Number": typed, "Expires on": "2027-12-15"})
    clinic.cora.submits()
    assert clinic.cora.modal is not None
    assert "doesn't fit the format of License number" in clinic.cora.modal.errors["Number"]
    assert clinic.cora.modal.fields["Number"] == typed


@pytest.mark.parametrize("typed", NASTY)
def test_markup_in_a_direct_message_is_words(clinic: Clinic, typed: str) -> None:
    """A message to the bot is read like a command, whatever stands in it."""
    clinic.lee.types(typed)
    clinic.lee.sees("I don't know", in_="dm")
