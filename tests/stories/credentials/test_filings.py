"""In effect: renewal filed on time. Only where a law says so, and only once a coordinator has seen the receipt."""

from __future__ import annotations

from sqlmodel import col, select

from bot.store.tables import AuditEvent, CredentialRow, Deadline, PrivilegeLapse
from tests.stories.conftest import Clinic
from tests.stories.scenes import CORE, granted, presses, rows

DEA = "DEA registration (NY)"
CORE_PRIVILEGE = "Psychiatry, core"


def filed(clinic: Clinic, *, expires: str = "2026-12-15", on: str = "2026-11-23") -> None:
    """Lee says that he filed the renewal of his DEA registration, without a receipt, weeks before it expires."""
    clinic.roster(*rows(CORE, dea=expires))
    granted(clinic)
    clinic.on(on, "11:05")
    clinic.lee.clicks("Submitted, waiting", in_="dm")
    clinic.lee.sees("Filed on")
    clinic.lee.submits()
    clinic.lee.sees("Thanks. Nothing more for you to do. When the renewal comes, press Renewed under the reminder.")


def confirms(clinic: Clinic, **typed: str) -> None:
    """Cora has the receipt before her."""
    clinic.cora.clicks("Confirm the filing", in_="dm")
    clinic.cora.sees("Checked on")
    clinic.cora.fills({"Receipt": "W-26-118", **typed})
    clinic.cora.submits()


def lapsed(clinic: Clinic) -> None:
    """It expired on December 15 with nothing but Lee's word, so the privilege stopped the day after."""
    filed(clinic)
    clinic.on("2026-12-16")
    clinic.lee.sees(f"{CORE_PRIVILEGE} has been inactive since Dec 16, 2026", in_="dm")


def status(clinic: Clinic) -> str:
    clinic.cora.types("/cred status @lee", in_="#general")
    return clinic.cora.sees(DEA, in_="#general")


def test_the_word_of_whoever_filed_keeps_nothing_in_effect(clinic: Clinic) -> None:
    """Without a confirmed receipt it expires on its day, whatever was clicked, and what rests on it stops."""
    lapsed(clinic)
    said = status(clinic)
    assert "Expired yesterday, Dec 15, 2026" in said
    assert "Renewal filed on Nov 23, 2026, awaiting issuer; no coordinator has confirmed the receipt" in said
    assert "In effect" not in said


def test_a_confirmed_filing_stays_in_effect(clinic: Clinic) -> None:
    """Cora saw the receipt before the expiry: the registration and the privilege go on, and nobody hears of a lapse."""
    filed(clinic)
    clinic.on("2026-11-24")
    clinic.cora.sees("Reported: renewal filed on Nov 23, 2026; no coordinator has confirmed it.", in_="dm")
    confirms(clinic)
    said = clinic.cora.sees("Confirmed: the renewal of DEA registration (NY) for Lee Chen was filed on Nov 23, 2026.")
    assert "So it stays in effect after Dec 15, 2026, until the issuer acts." in said
    assert "I'll ask on Dec 24, 2026 whether the filing still holds." in said
    clinic.cora.sees("Cora Diaz confirmed the receipt. Nothing more to do.", in_="dm")
    clinic.cora.closes()
    clinic.on("2026-12-16")
    assert "In effect: renewal filed on time – expired yesterday, Dec 15, 2026; confirmed Nov 24, 2026" in status(
        clinic
    )
    assert "inactive" not in clinic.lee.reads("dm")


def test_confirmed_late_it_counts_from_the_expiry(clinic: Clinic) -> None:
    """38 days after the expiry the receipt turns up: the lapse was an error, and the record shows both."""
    lapsed(clinic)
    clinic.on("2027-01-22")
    confirms(clinic)
    clinic.cora.sees("So it has been in effect since it expired on Dec 15, 2026, until the issuer acts.")
    clinic.cora.closes()
    clinic.lee.sees(f"{CORE_PRIVILEGE} is active again", in_="dm")
    assert "In effect: renewal filed on time" in status(clinic)
    with clinic.bot.reading() as session:
        [lapse] = session.exec(select(PrivilegeLapse)).all()
        acts = session.exec(select(AuditEvent.act).order_by(col(AuditEvent.seq))).all()
    assert lapse.superseded_at
    assert lapse.lifted_at is None
    assert [act for act in acts if act in ("privilege_inactive", "filing_confirmed", "lapse_superseded")] == [
        "privilege_inactive",
        "filing_confirmed",
        "lapse_superseded",
    ]


def test_filed_after_the_expiry_keeps_nothing_in_effect(clinic: Clinic) -> None:
    """The receipt shows another day than Lee said: what counts is the receipt."""
    lapsed(clinic)
    clinic.on("2026-12-21")
    confirms(clinic, **{"Filed on": "2026-12-17"})
    said = clinic.cora.sees("was filed on Dec 17, 2026")
    assert "That is after it expired on Dec 15, 2026, so the filing doesn't keep it in effect." in said
    clinic.cora.closes()
    assert "Expired 6 days ago" in status(clinic)


def test_the_form_says_what_is_missing(clinic: Clinic) -> None:
    """No receipt, and a day that has not come: the form comes back with what was typed."""
    filed(clinic)
    clinic.on("2026-11-24")
    confirms(clinic, Receipt=" ", **{"Checked on": "2026-11-25"})
    clinic.cora.sees("Please enter the receipt's number, or which document you saw.")
    clinic.cora.fills({"Receipt": "W-26-118"})
    clinic.cora.submits()
    clinic.cora.sees("This date is in the future. When did you see the receipt?")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Receipt"] == "W-26-118"
    clinic.cora.fills({"Checked on": "2026-11-20"})
    clinic.cora.submits()
    clinic.cora.sees("This is before it was filed (Nov 23, 2026).")


def test_nobody_confirms_their_own_filing(clinic: Clinic) -> None:
    """Not as its provider, and not as a coordinator either."""
    filed(clinic)
    with clinic.bot.reading() as session:
        dea = session.exec(select(CredentialRow.id).where(CredentialRow.type == "dea")).one()
    clinic.lee.closes()
    presses(clinic, "lee", "confirm_filing", str(dea))
    clinic.lee.sees("Nobody verifies their own file. Please ask another coordinator.", in_="#general")
    clinic.is_also("lee", "coordinator")
    presses(clinic, "lee", "confirm_filing", str(dea))
    clinic.eventually(lambda: clinic.acts("refused", "never_own_verification") == 2)
    presses(clinic, "maya", "confirm_filing", str(dea))
    clinic.eventually(lambda: clinic.acts("refused", "coordinators_only") == 1)


def test_what_was_confirmed_nobodys_word_replaces(clinic: Clinic) -> None:
    """Lee says another day afterwards: the receipt that Cora saw stands, and he reads so."""
    filed(clinic)
    clinic.on("2026-11-24")
    clinic.lee.closes()
    confirms(clinic)
    clinic.cora.closes()
    with clinic.bot.reading() as session:
        deadline = session.exec(select(Deadline.id).where(Deadline.kind == "filed")).one()
    presses(clinic, "lee", "submitted", str(deadline))
    clinic.lee.fills({"Filed on": "2026-11-24"})
    clinic.lee.submits()
    clinic.lee.sees("Cora Diaz confirmed this filing on Nov 24, 2026, as filed on Nov 23, 2026. Nothing was changed.")


def test_unconfirmed_it_is_everybodys_as_the_expiry_nears(clinic: Clinic) -> None:
    """Owner and admins read it 14, 7, 3 and 1 days before, and that morning; each with the button."""
    filed(clinic, expires="2026-12-18")
    said = "Reported: renewal filed on Nov 23, 2026; no coordinator has confirmed it."
    assert said not in clinic.ada.reads("dm")
    days = ("2026-12-04", "2026-12-11", "2026-12-15", "2026-12-17", "2026-12-18")
    clinic.ada.types("/cred queue")
    clinic.ada.sees("Nothing waits for you.", in_="dm")
    for told, day in enumerate(days, 1):
        clinic.on(day)
        assert clinic.ada.reads("dm").count(said) == told, day
        clinic.cora.sees(said, in_="dm")
    clinic.ada.sees("Cora Diaz is responsible for it. Whoever sees the receipt first can confirm it here.", in_="dm")
    clinic.ada.sees(
        "It expires today, Dec 18, 2026, and then counts as expired until the receipt is confirmed.", in_="dm"
    )
    assert clinic.ada.buttons(in_="dm")[:3] == ["Confirm the filing", "Verify", "Back to the provider"]
    clinic.ada.types("/cred queue", in_="#general")
    clinic.ada.sees(said, in_="#general")
    assert "Confirm the filing" in clinic.ada.buttons(in_="#general")


def test_it_is_asked_again_whether_it_still_holds(clinic: Clinic) -> None:
    """Every 30 days; **Still waiting** confirms it anew, and 15 days without an answer are said, and go up."""
    filed(clinic)
    clinic.on("2026-11-24")
    confirms(clinic)
    clinic.cora.closes()
    clinic.on("2026-12-24")
    asked = "Filed on Nov 23, 2026, last confirmed by Cora Diaz on Nov 24, 2026. Is the issuer still working on it?"
    clinic.cora.sees(f"In effect: renewal filed on time. {asked} Please check by Jan 8, 2027.", in_="dm")
    clinic.cora.clicks("Still waiting", in_="dm")
    clinic.cora.sees("Still waiting, says Cora Diaz. I'll ask again on Jan 23, 2027.", in_="dm")
    clinic.on("2027-02-08")
    clinic.ada.sees("last confirmed by Cora Diaz on Dec 24, 2026", in_="dm")
    clinic.on("2027-02-09")
    assert "last confirmed Dec 24, 2026, and nobody has said since whether it still holds" in status(clinic)


def test_submitted_keeps_renewed_under_it(clinic: Clinic) -> None:
    """The renewal may come at any time: Lee asked nobody for the button, and reports it where he said the other."""
    filed(clinic)
    clinic.lee.closes()
    clinic.lee.sees("Submitted on Nov 23, 2026, reported by Lee Chen.", in_="dm")
    assert clinic.lee.buttons(near="Submitted on Nov 23, 2026", in_="dm") == ["Renewed"]
    clinic.lee.clicks("Renewed", near="Submitted on Nov 23, 2026", in_="dm")
    clinic.lee.sees("Expires on")
    clinic.lee.fills({"Expires on": "2029-12-15"})
    clinic.lee.submits()
    clinic.lee.sees("Renewal recorded: DEA registration (NY) for Lee Chen")
    clinic.eventually(lambda: "Renewed" not in clinic.lee.buttons(in_="dm"))


def test_whoever_filed_is_asked_again_near_the_expiry(clinic: Clinic) -> None:
    """Seven days before, and on the day; with **Renewed**, and **I need help**."""
    filed(clinic)
    clinic.lee.closes()
    clinic.on("2026-12-08")
    asked = "You reported that the renewal was filed on Nov 23, 2026. The present one expires"
    clinic.lee.sees(f"{asked} in 7 days, Dec 15, 2026. Has the issuer answered?", in_="dm")
    assert clinic.lee.buttons(near="Has the issuer answered?", in_="dm") == ["Renewed", "I need help"]
    clinic.on("2026-12-15")
    clinic.lee.sees(f"{asked} today. Has the issuer answered?", in_="dm")
