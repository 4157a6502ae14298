"""Forms: what was typed is shown again, what is wrong stands above, and fields have the names people know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cards.block_kit.message import View
from bot.cards.credentials import forms as credentials_forms
from bot.cards.credentials import verify_form
from bot.cards.privileges import forms as privileges_forms
from bot.cards.providers import forms as provider_forms
from bot.cards.words import Words
from bot.rules.credentials.identity import Identity
from bot.rules.policy import Policies
from bot.rules.privileges.models import Eligibility
from bot.rules.privileges.rounds import CastVote, Round, RoundOpening
from bot.rules.refusals import PrivilegeRefusal, Refused
from tests.cards.building import LEE, LOOK, TERM, TODAY, criteria, inputs, judged, problems, request, task

EMPTY: dict[str, Any] = {"values": {}, "errors": {}, "meta": "m"}
LICENSE = judged().credential
READY = Eligibility("psychiatry_core", may_ask=True, criteria=criteria()[:1])
BLOCKED = Eligibility("ect", may_ask=True, criteria=criteria())


def labelled(view: View) -> list[str]:
    return [block["label"]["text"] for block in inputs(view).values()]


def texts(view: View) -> str:
    return "\n".join(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")


def test_the_labels_of_add(words: Words, policies: Policies) -> None:
    """The words that people and guides use."""
    view = credentials_forms.add(LEE, policies, words, **EMPTY)

    assert labelled(view) == ["Type", "State", "Number", "Expires on", "Issued on", "Which one"]
    assert list(inputs(view)) == ["type", "state", "number", "expires_on", "issued_on", "label"]


def test_what_was_typed_is_shown_again_with_what_was_wrong(words: Words, policies: Policies) -> None:
    """Nothing typed is lost, and each problem stands above with its field's label."""
    typed = {"type": "dea", "state": "NY", "number": "AB<1>", "expires_on": "2027-01-15", "issued_on": None}
    view = credentials_forms.add(LEE, policies, words, values=typed, errors={"number": "“AB<1>” is wrong"}, meta="m")
    shown = {name: block["element"] for name, block in inputs(view).items()}

    assert shown["type"]["initial_option"]["value"] == "dea"
    assert shown["state"]["initial_option"]["value"] == "NY"
    assert shown["number"]["initial_value"] == "AB<1>"
    assert shown["expires_on"]["initial_date"] == "2027-01-15"
    assert ":warning: *Number*: “AB&lt;1&gt;” is wrong" in texts(view)


def test_a_day_that_is_none_leaves_the_picker_empty(words: Words, policies: Policies) -> None:
    """Slack refuses an initial date that is not a day."""
    view = credentials_forms.add(LEE, policies, words, values={"expires_on": "Feb 31, 2027"}, errors={}, meta="m")

    assert "initial_date" not in inputs(view)["expires_on"]["element"]
    assert problems(view) == []


def test_a_renewal_has_the_number_prefilled(words: Words, policies: Policies) -> None:
    """The number mostly stays; the dates are asked."""
    shown = inputs(credentials_forms.update(LEE, LICENSE, TERM, policies, words, **EMPTY))

    assert shown["number"]["element"]["initial_value"] == "A-123456"
    assert "initial_date" not in shown["expires_on"]["element"]
    assert list(shown) == ["number", "expires_on", "issued_on", "correction", "correction_why"]


def test_submitted_was_filed_today_unless_typed_otherwise(words: Words, policies: Policies) -> None:
    """Filed on is today; the receipt may be left out."""
    shown = inputs(credentials_forms.submitted(LEE, LICENSE, TERM, policies, words, today=TODAY, **EMPTY))

    assert shown["filed_on"]["element"]["initial_date"] == "2026-11-23"
    assert shown["receipt"]["optional"] is True


def test_verify_prefills_nothing_that_the_source_shows(words: Words, policies: Policies) -> None:
    """A verifier reads number, expiry and standing there; the day, the usual source and the method are assumed."""
    view = verify_form.verify(LEE, LICENSE, TERM, policies, words, today=TODAY, **EMPTY)
    prefilled = [name for name, block in inputs(view).items() if any(k.startswith("initial") for k in block["element"])]

    assert prefilled == ["source", "method", "verified_on"]
    assert labelled(view) == [
        *("Source", "Other source", "Method", "Verified on", "Number shown", "Expiration shown"),
        *("Status shown", "Public action shown", "Reference", "Number called", "Who answered"),
    ]


@pytest.mark.parametrize(("kind", "needed"), [("license", True), ("malpractice", False)])
def test_evidence_is_asked_where_the_policy_needs_it(words: Words, policies: Policies, kind: str, needed: bool) -> None:
    """A license's verification needs a reference, unless somebody called; the hint says so."""
    credential = replace(LICENSE, identity=Identity(kind))
    reference = inputs(verify_form.verify(LEE, credential, TERM, policies, words, today=TODAY, **EMPTY))["reference"]

    assert reference["optional"] is True
    assert ("This type needs it as evidence, unless you called." in reference["hint"]["text"]) is needed


@pytest.mark.parametrize(("kind", "asked"), [("license", True), ("bls", False), ("malpractice", False)])
def test_a_status_is_asked_only_where_the_source_shows_one(
    words: Words, policies: Policies, kind: str, asked: bool
) -> None:
    """A board shows a status and its actions, a card or an insurance certificate neither."""
    credential = replace(LICENSE, identity=Identity(kind))
    shown = inputs(verify_form.verify(LEE, credential, TERM, policies, words, today=TODAY, **EMPTY))

    assert ("standing" in shown, "public_action" in shown) == (asked, asked)


@pytest.mark.parametrize(
    ("identity", "page"),
    [
        (Identity("license", "NY"), "https://www.op.nysed.gov/verification-search"),
        (Identity("npi"), "https://npiregistry.cms.hhs.gov/"),
        (Identity("license", "OH"), None),
    ],
)
def test_the_sources_page_is_linked_where_the_policy_has_one(
    words: Words, policies: Policies, identity: Identity, page: str | None
) -> None:
    """By state where each has its own; of a state without one nothing is made up."""
    credential = replace(LICENSE, identity=identity)
    view = verify_form.verify(LEE, credential, TERM, policies, words, today=TODAY, **EMPTY)

    about = view["blocks"][0]["text"]["text"]
    assert ("Look it up: " in about) is (page is not None)
    assert page is None or f"<{page}|" in about


def test_only_sources_that_verify_are_offered(words: Words, policies: Policies) -> None:
    """What somebody says of themselves is no choice."""
    view = verify_form.verify(LEE, LICENSE, TERM, policies, words, today=TODAY, **EMPTY)

    offered = [option["value"] for option in inputs(view)["source"]["element"]["options"]]
    assert offered == ["State licensing board", "other"]


def test_a_type_without_number_and_expiry_asks_for_neither(words: Words, policies: Policies) -> None:
    """Residency has neither."""
    credential = replace(LICENSE, identity=Identity("residency"))
    shown = inputs(verify_form.verify(LEE, credential, TERM, policies, words, today=TODAY, **EMPTY))

    assert not {"number_shown", "expires_shown"} & shown.keys()


def test_a_known_provider_is_shown_as_recorded(words: Words, policies: Policies) -> None:
    """Changing a record begins with what it says."""
    shown = inputs(provider_forms.provider(LEE, [], policies, words, **EMPTY))

    assert shown["name"]["element"]["initial_value"] == "Lee Chen"
    assert shown["slack_user"]["element"]["initial_user"] == "U1"
    assert shown["type"]["element"]["initial_option"]["value"] == "psychiatrist"


def test_a_request_offers_what_is_met_and_says_what_is_missing(words: Words, policies: Policies) -> None:
    """Eligible privileges can be ticked; the others are listed with why."""
    view = privileges_forms.request(LEE, [READY, BLOCKED], {}, TODAY, policies, words, **EMPTY)
    options = inputs(view)["privileges"]["element"]["options"]

    assert [option["value"] for option in options] == ["psychiatry_core"]
    assert options[0]["description"]["text"] == "met; State license (NY) expires in 22 days"
    assert "*Electroconvulsive therapy (ECT)* · not eligible yet" in texts(view)
    assert "• DEA registration: missing, nothing is on file (continuous)" in texts(view)


def test_a_request_without_anything_to_ask_has_nothing_to_submit(words: Words, policies: Policies) -> None:
    """What is missing blocks."""
    view = privileges_forms.request(LEE, [BLOCKED], {}, TODAY, policies, words, **EMPTY)

    assert "submit" not in view
    assert "doesn't meet the criteria for any privilege yet" in texts(view)


def test_the_reasons_of_a_deny(words: Words, policies: Policies) -> None:
    """In exactly these words: none of them is an adverse action."""
    options = inputs(privileges_forms.deny(request(), policies, words, **EMPTY))["outcome"]["element"]["options"]

    assert [(option["value"], option["text"]["text"]) for option in options] == [
        ("not_eligible", "criterion not met (not eligible; not an adverse action)"),
        ("return", "return for information"),
        ("refer", "refer to a meeting"),
    ]


def test_details_show_numbers_verification_and_reasons(words: Words, policies: Policies) -> None:
    """Everything a step's reviewer may read, and that the opening is recorded."""
    votes = (CastVote("Ann Lee", "return", "Send the log"),)
    view = privileges_forms.details(request(), [Round("credentials_committee", 1, None, votes)], policies, words)

    assert "*State license (NY)*: expiring · A-123456 · expires Dec 15, 2026" in texts(view)
    assert (
        "Verified on Nov 3, 2026 by Cora Diaz at State licensing board (website): active · <https://board.example/1|evidence>"
        in texts(view)
    )
    assert "*Credentials committee, round 1*\nAnn Lee returned it for information\n> Send the log" in texts(view)
    assert "> A typed reason" in texts(view)
    assert "submit" not in view


def test_details_tell_every_round_in_order(words: Words, policies: Policies) -> None:
    """What opened each round, then its votes, oldest first."""
    asked, referred = CastVote("Ann Lee", "return", "Send the log"), CastVote("Bo Fox", "refer", "Let us talk")
    rounds = [
        Round("credentials_committee", 1, None, (asked,)),
        Round("credentials_committee", 2, RoundOpening("answer", "Sent", "Lee Chen"), (referred,)),
        Round("credentials_committee", 3, RoundOpening("meeting", "Agreed", "Cora Diaz", TODAY), ()),
    ]
    said = texts(privileges_forms.details(request(), rounds, policies, words))

    told = ("> Send the log", "Lee Chen answered:\n> Sent", "> Let us talk", "as noted by Cora Diaz:\n> Agreed")
    assert sorted(told, key=said.index) == list(told)
    assert "From the meeting of Nov 23, 2026" in said


def test_details_of_a_hundred_rounds_keep_the_newest(words: Words, policies: Policies) -> None:
    """Slack has no room for all: the oldest make place, and it is said how many."""
    long = RoundOpening("answer", "x" * 2_900, "Lee Chen")
    rounds = [Round("credentials_committee", n, long, (CastVote("Ann", "return", f"no {n}"),)) for n in range(1, 121)]
    view = privileges_forms.details(request(), rounds, policies, words)

    assert len(view["blocks"]) <= 100
    assert "80 earlier rounds don't fit here" in str(view["blocks"])
    assert [n for n in range(1, 121) if f"round {n}*" in texts(view)] == list(range(81, 121))
    assert "> no 120" in texts(view)


def test_the_request_form_offers_nothing_twice(words: Words, policies: Policies) -> None:
    """What is asked for or granted already is said, and cannot be chosen; with nothing else nothing is sent."""
    asked = {READY.privilege: Refused(PrivilegeRefusal.ALREADY_OPEN, {"privilege": READY.privilege, "number": 1007})}
    view = privileges_forms.request(LEE, [READY], asked, TODAY, policies, words, **EMPTY)

    assert "has nothing more to request right now" in texts(view)
    assert "already requested, R-1007" in texts(view)
    assert "submit" not in view


def test_an_answer_shows_what_was_asked(words: Words, policies: Policies) -> None:
    """The typed question stands above the field."""
    view = privileges_forms.answer(request(stopped_reason="Send the log"), policies, words, **EMPTY)

    assert "> Send the log" in texts(view)
    assert labelled(view) == ["Answer"]


def test_short_forms(words: Words, policies: Policies) -> None:
    """Help asks one text, a reopening date and note, a withdrawal nothing."""
    assert labelled(privileges_forms.help_text(task(), policies, words, **EMPTY)) == ["What do you need?"]
    assert labelled(privileges_forms.reopen(request(), policies, words, today=TODAY, **EMPTY)) == ["Meeting on", "Note"]
    assert privileges_forms.withdraw(request(), policies, words, meta="m")["submit"]["text"] == "Withdraw"


def test_carried_over_verifications_say_so(words: Words, policies: Policies) -> None:
    """An import's verification was not made here."""
    imported = judged(term=replace(TERM, verifications=(replace(LOOK, carried_over_from="roster.csv"),)))
    view = request(eligibility=replace(READY, criteria=(replace(criteria()[0], judged=imported),)))

    assert "carried over from roster.csv" in texts(privileges_forms.details(view, [], policies, words))
