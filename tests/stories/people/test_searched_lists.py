"""A clinic of more than a hundred people: whose file it is, is typed and found, by who may see such a list."""

from __future__ import annotations

import pytest

from bot.cards import pickers
from bot.cards.block_kit.message import View
from bot.cards.credentials import forms
from bot.handlers import suggestions
from bot.handlers.lookup import everybody
from bot.store.engine import Unavailable
from slack_sandbox.person.suggestions import suggest
from tests.stories.conftest import Clinic

MANY = 130


def crowd(clinic: Clinic) -> None:
    """Beside Lee and Maya, 130 people, one of them with an NPI."""
    npis = {7: "1234567893"}
    clinic.roster(
        *({"name": f"Person Number{n:03}", "provider_type": "lcsw", "npi": npis.get(n, "")} for n in range(MANY))
    )


def form_of_all(clinic: Clinic, handle: str, meta: str = "{}") -> list[str]:
    """What somebody is offered who has, by whatever way, a form that asks for any provider."""
    view: View = forms.add(
        None, clinic.bot.policies, clinic.bot.words, values={}, errors={}, meta=meta, providers=everybody(clinic.bot)
    )
    person = clinic.workspace.person(handle)
    shown = clinic.workspace.views.open(person.id, view)
    block = next(b["block_id"] for b in view["blocks"] if b["block_id"].startswith("provider~"))
    return [
        option["text"]["text"] for option in suggest(clinic.workspace, person.id, shown, block, "value", "p").options
    ]


def test_a_coordinator_finds_whose_it_is(clinic: Clinic) -> None:
    """A name or an NPI is typed, what fits is offered, and the credential is recorded in that file."""
    crowd(clinic)
    clinic.cora.types("/cred add")
    clinic.cora.sees("Provider")
    assert clinic.cora.searches("Provider", "lee") == ["Lee Chen"]
    assert clinic.cora.searches("Provider", "1234567") == ["Person Number007"]
    assert clinic.cora.searches("Provider", "nobody") == []
    clinic.cora.fills({"Provider": "Person Number042", "Type": "BLS", "Expires on": "2027-01-15"})
    clinic.cora.submits()
    clinic.cora.sees("Recorded: BLS for Person Number042, expires Jan 15, 2027.")


def test_who_was_found_stays_when_something_else_is_wrong(clinic: Clinic) -> None:
    """The form comes back with whom she found in it, and is sent once more without another search."""
    crowd(clinic)
    clinic.cora.types("/cred leave")
    clinic.cora.fills({"Provider": "Person Number042", "On leave from": "2026-12-01", "Expected back on": "2026-11-01"})
    clinic.cora.submits()
    clinic.cora.sees(":warning: Expected back on: This has to come after the first day of the leave, Dec 1, 2026.")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Provider"] == "Person Number042"
    clinic.cora.fills({"Expected back on": "2026-12-20"})
    clinic.cora.submits()
    clinic.cora.sees("Person Number042")


def test_who_may_not_see_the_list_is_offered_nobody(clinic: Clinic) -> None:
    """Who isn't a coordinator nor admin, or no longer, is offered nobody in a form that is still open."""
    crowd(clinic)
    assert len(form_of_all(clinic, "cora")) == 100
    for handle in ("lee", "noah", "gus", "omar"):
        assert form_of_all(clinic, handle) == []
    clinic.is_no_longer("cora", "coordinator")
    assert form_of_all(clinic, "cora") == []


def test_a_form_of_another_version_is_offered_nothing(clinic: Clinic) -> None:
    """What names no row of ours finds nothing, and nothing fails."""
    crowd(clinic)
    view = pickers.choose_provider(everybody(clinic.bot), clinic.bot.words, errors={}, meta='{"next":"gone"}')
    cora = clinic.workspace.person("cora")
    shown = clinic.workspace.views.open(cora.id, view)
    block = view["blocks"][0]["block_id"]
    assert suggest(clinic.workspace, cora.id, shown, block, "value", "lee").options == []


def test_trouble_offers_nothing_in_time(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is away leaves the list empty, well within Slack's three seconds."""
    crowd(clinic)
    clinic.cora.types("/cred add")
    clinic.cora.sees("Provider")

    def gone(*_: object) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(suggestions, "who", gone)
    assert clinic.cora.searches("Provider", "lee") == []


def test_a_certificate_for_more_than_a_list_holds(clinic: Clinic) -> None:
    """All who had the same number are covered with one tick, however many they are."""
    insured = {"credential": "malpractice", "number": "MPL-204418", "expires_on": "2026-12-15"}
    insured |= {"verified_on": "2026-11-02"}
    people = [{"name": f"Person Number{n:03}", "provider_type": "lcsw"} for n in range(MANY)]
    lee = {"name": "Lee Chen", "provider_type": "psychiatrist"}
    clinic.roster(*(one | insured for one in [lee, *people]))
    clinic.cora.types("/cred status @lee")
    clinic.cora.clicks("Report renewal", near="Malpractice insurance")
    clinic.cora.sees("It also covers everyone who had the same number")
    clinic.cora.fills({"Expires on": "2027-12-15"})
    clinic.cora.submits()
    clinic.cora.sees(f"Also recorded for {MANY} people: Person Number000")
