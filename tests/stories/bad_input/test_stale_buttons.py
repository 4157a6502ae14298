"""Buttons and forms that are older than what they are about, pressed twice, or by two at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.stories.conftest import Clinic
from tests.stories.credentials.test_verification import SHOWN
from tests.stories.scenes import APPROVALS, CORE, approves, presses, requests, rows


def test_a_verify_button_for_what_was_verified_meanwhile_opens_what_is_there(clinic: Clinic) -> None:
    """An old status still leads to the credential as it is now."""
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded")
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("On file, to verify")
    clinic.lee.types("/cred update")
    clinic.lee.fills({"Expires on": "2028-12-15"})
    clinic.lee.submits()
    clinic.lee.sees("Renewal recorded")
    clinic.cora.clicks("Verify")
    clinic.cora.sees("BLS for Lee Chen · on file through Dec 15, 2028")


def test_a_task_button_pressed_after_it_was_settled_says_so(clinic: Clinic) -> None:
    """The second of two coordinators who press learns that it is done."""
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded")
    for one in (clinic.cora, clinic.ada):
        one.types("/cred queue")
    clinic.cora.clicks("Back to the provider")
    clinic.cora.fills({"What is wrong?": "The document can't be read"})
    clinic.cora.submits()
    clinic.cora.sees("Sent back. Lee Chen will be asked to report it again.")
    clinic.cora.closes()
    clinic.cora.clicks("Back to the provider")
    clinic.cora.sees("This credential is no longer on file.")
    assert clinic.acts("sent_back") == 1


def test_a_double_click_on_a_button_that_opens_a_form_is_harmless(clinic: Clinic) -> None:
    """The second press finds the same form, and nothing is said twice."""
    clinic.cora.types("/cred status @lee")
    clinic.cora.clicks("Add a credential")
    clinic.cora.sees("For Lee Chen")
    clinic.cora.closes()
    clinic.cora.clicks("Add a credential")
    clinic.cora.sees("For Lee Chen")
    clinic.cora.never_sees("couldn't open", for_=0.3)


def test_the_same_line_typed_by_two_at_once_is_recorded_once(clinic: Clinic) -> None:
    """One of them is told that it is already on file exactly as entered."""
    line = "/cred add @lee bls 2027-01-15"
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda one: one.types(line), (clinic.cora, clinic.ada)))
    clinic.eventually(lambda: "BLS" in clinic.cora.reads() or "exactly as entered" in clinic.cora.reads())
    clinic.eventually(lambda: "BLS" in clinic.ada.reads() or "exactly as entered" in clinic.ada.reads())
    said = clinic.cora.reads() + clinic.ada.reads()
    assert said.count("Recorded: BLS") == 1
    assert said.count("exactly as entered") == 1
    assert clinic.acts("term_recorded") == 1


def test_two_renewals_sent_at_once_end_as_one_and_a_question(clinic: Clinic) -> None:
    """The slower of two submissions sees what the faster one changed; neither overwrites the other."""
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded")
    for one, words in ((clinic.lee, "update"), (clinic.cora, "update @lee")):
        one.types(f"/cred {words}")
        one.fills({"Expires on": "2028-12-15" if words == "update" else "2029-01-15"})
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda one: one.submits(), (clinic.lee, clinic.cora)))
    clinic.eventually(lambda: all("moment" not in one.modal.text for one in (clinic.lee, clinic.cora)))
    said = [one.modal.text for one in (clinic.lee, clinic.cora)]
    assert sum("Renewal recorded" in text for text in said) == 1
    assert sum("This record changed while the form was open" in text for text in said) == 1


def test_of_two_looks_sent_at_once_one_counts(clinic: Clinic) -> None:
    """The slower of two coordinators reads who looked meanwhile, and has everything typed before her."""
    clinic.lee.types("/cred add license NY A-123456 2027-12-15")
    clinic.lee.sees("Recorded")
    for one in (clinic.cora, clinic.ada):
        one.types("/cred verify @lee")
        one.fills(SHOWN)
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda one: one.submits(), (clinic.cora, clinic.ada)))
    clinic.eventually(lambda: all("moment" not in one.modal.text for one in (clinic.cora, clinic.ada)))
    first, second = sorted((clinic.cora, clinic.ada), key=lambda one: "while this form was open" in one.modal.text)
    first.sees("Verified: State license (NY) for Lee Chen")
    told = second.sees(f"{first.person.name} checked the source while this form was open")
    assert "Nov 23, 2026" in told
    assert second.modal.fields["Number shown"] == "A-123456"
    second.submits()
    second.sees("Verified: State license (NY) for Lee Chen")
    assert clinic.acts("term_verified") == 2


def test_a_button_of_an_older_version_says_what_to_do(clinic: Clinic) -> None:
    """Slack shows old messages for years; whoever presses what nobody knows any more is not left without words."""
    told = "This button is from an older version of Credbot, so nothing was changed."
    for action_id, value in (("of_an_older_version", "1"), ("open_form", "!of_another 3")):
        presses(clinic, "noah", action_id, value)
    clinic.noah.sees(told, in_="#general")
    presses(clinic, "cora", "withdraw", "")
    clinic.cora.sees(told, in_="#general")


def test_a_form_of_an_older_version_gives_back_what_was_typed(clinic: Clinic) -> None:
    """A new version was installed while the form was open: nothing is saved, and nothing typed is lost."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "BLS", "Expires on": "2027-01-15"})
    view = clinic.workspace.views.top(clinic.workspace.person("cora").id)
    assert view
    view.shape["callback_id"] = "of_an_older_version"
    clinic.cora.submits()
    told = clinic.cora.sees("This form is from an older version of Credbot, so nothing was changed.")
    assert "Expires on: 2027-01-15" in told


def test_a_reason_typed_too_late_is_given_back(clinic: Clinic) -> None:
    """Another chair decided while this one typed: she reads who was first, and her words stay before her."""
    clinic.is_also("omar", "approver:department_chair")
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.dana.clicks("Deny", in_=APPROVALS)
    clinic.dana.fills({"What should happen?": "return for information", "Reason": "Which of the sites?"})
    approves(clinic.omar)
    clinic.dana.submits()
    told = clinic.dana.sees("Omar Haddad was first")
    assert "Reason: Which of the sites?" in told
