"""Slack's bad days: what people see when calls are refused, answers are lost, and channels are not what they were."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, approves, requests, row, rows

CARD = "R-1001 · Lee Chen"


def due(clinic: Clinic) -> None:
    clinic.roster(row("license", "2026-12-31"))


def posted(clinic: Clinic, text: str) -> int:
    """How often somebody reads it in Lee's DM."""
    return clinic.lee.reads("dm").count(text)


def test_a_call_that_came_too_fast_is_made_again_later(clinic: Clinic) -> None:
    """429: the reminder waits as long as Slack says, and then arrives once."""
    due(clinic)
    clinic.workspace.faults.add("chat.postMessage", "ratelimited", seconds=1)
    clinic.on("2026-11-23", "11:05")
    clinic.lee.sees("Expires in 38 days", in_="dm")
    clinic.delivered()
    assert posted(clinic, "Expires in 38 days") == 1


def test_a_message_whose_answer_was_lost_is_found_again(clinic: Clinic) -> None:
    """Slack had posted it, and the answer never came: the bot looks, finds it, and posts no second one."""
    due(clinic)
    clinic.workspace.faults.add("chat.postMessage", "lost_answer")
    clinic.on("2026-11-23", "11:05")
    clinic.lee.sees("Expires in 38 days", in_="dm")
    clinic.settled()
    assert posted(clinic, "Expires in 38 days") == 1


def test_a_message_that_never_arrived_is_sent_again(clinic: Clinic) -> None:
    """The connection broke before Slack had it: it is not found twice, then it goes out once."""
    due(clinic)
    clinic.workspace.faults.add("chat.postMessage", "cut")
    clinic.on("2026-11-23", "11:05")
    clinic.lee.sees("Expires in 38 days", in_="dm", timeout=15)
    clinic.settled()
    assert posted(clinic, "Expires in 38 days") == 1


def test_a_lost_update_is_made_again(clinic: Clinic) -> None:
    """The card shows the vote in the end, though the answer to its update was lost."""
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("What the file shows", in_=APPROVALS)
    clinic.workspace.faults.add("chat.update", "cut")
    approves(clinic.dana)
    clinic.dana.sees("• Department chair: Dana Whitfield approved", in_=APPROVALS, timeout=15)


def made_public(clinic: Clinic) -> None:
    clinic.workspace.conversations.named("privilege-requests").kind = "channel"


def archived(clinic: Clinic) -> None:
    clinic.workspace.archive("privilege-requests")


def without_the_bot(clinic: Clinic) -> None:
    clinic.workspace.kick("privilege-requests", "credbot")


def shared(clinic: Clinic) -> None:
    clinic.workspace.share("privilege-requests")


@pytest.mark.parametrize("spoil", [made_public, archived, without_the_bot, shared])
def test_nothing_is_posted_into_an_unfit_channel(clinic: Clinic, spoil: Callable[[Clinic], None]) -> None:
    """Public, archived, shared, or without the bot: no card there, and an admin can send it again or drop it."""
    spoil(clinic)
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.ada.sees("could not be sent", in_="dm")
    assert clinic.ada.buttons(near="could not be sent", in_="dm") == ["Send again", "Drop"]
    channel = clinic.workspace.conversations.named("privilege-requests")
    assert not any(CARD in message.text for message in channel.messages)


def test_send_again_works_once_the_channel_is_mended(clinic: Clinic) -> None:
    """The admin invites the bot and presses **Send again**: the card appears, the question is closed."""
    without_the_bot(clinic)
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.ada.sees("could not be sent", in_="dm")
    clinic.workspace.invite("privilege-requests", "credbot")
    clinic.ada.clicks("Send again", in_="dm")
    clinic.ada.sees("I'll send it again. If it fails once more, I'll let you know.", in_="dm")
    clinic.dana.sees(CARD, in_=APPROVALS)
    clinic.ada.sees("Sent again by Ada Novak.", in_="dm")


def test_send_again_looks_at_the_channel_afresh(clinic: Clinic) -> None:
    """The channel was made private a moment ago, and **Send again** works at once."""
    made_public(clinic)
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.ada.sees("The channel is public", in_="dm")
    clinic.workspace.conversations.named("privilege-requests").kind = "private"
    clinic.ada.clicks("Send again", in_="dm")
    clinic.dana.sees(CARD, in_=APPROVALS)


def test_what_fails_once_more_is_told_once_more(clinic: Clinic) -> None:
    """Nothing was mended before **Send again**: an edited question notifies nobody, so a new message does."""
    archived(clinic)
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.ada.clicks("Send again", in_="dm")
    clinic.ada.sees("The message that I sent again (request) did not get through: channel archived.", in_="dm")
    clinic.ada.clicks("Drop", in_="dm")
    clinic.ada.sees("Dropped: I won't send it.", in_="dm")
    assert clinic.acts("message_send_again") == clinic.acts("message_drop") == 1


def test_a_deleted_card_is_posted_anew(clinic: Clinic) -> None:
    """Somebody deleted the request's card: the next vote posts it again, with its state and buttons."""
    clinic.is_also("omar", "approver:department_chair")
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("What the file shows", in_=APPROVALS)
    late = clinic.dana.holds("Approve", CARD, in_=APPROVALS)
    channel = clinic.workspace.conversations.named("privilege-requests")
    next(m for m in channel.messages if not m.is_reply).deleted = True
    late()
    clinic.omar.sees("Granted by the department chair, Nov 23, 2026", in_=APPROVALS)
    clinic.delivered()
    assert any(CARD in text for text in clinic.omar.messages(APPROVALS))


def test_a_deactivated_approver_decides_nothing(clinic: Clinic) -> None:
    """A click that was on its way when Dana's account was closed counts for nothing."""
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("What the file shows", in_=APPROVALS)
    late = clinic.dana.holds("Approve", CARD, in_=APPROVALS)
    clinic.leaves("dana")
    clinic.workspace.person("dana").deactivated = False  # the click was on its way already
    late()
    clinic.dana.sees("is deactivated in Slack and cannot do this", in_=APPROVALS)
    assert "Granted" not in clinic.omar.reads(APPROVALS)


def test_the_same_click_delivered_twice_counts_once(clinic: Clinic) -> None:
    """Slack sends an envelope again: one vote, one answer."""
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("What the file shows", in_=APPROVALS)
    clinic.workspace.faults.add("interactive", "duplicate_envelope")
    approves(clinic.dana)
    clinic.dana.sees("The department chair: Dana Whitfield approved.", in_=APPROVALS)
    clinic.delivered()
    assert clinic.dana.reads(APPROVALS).count("Dana Whitfield approved.") == 1
