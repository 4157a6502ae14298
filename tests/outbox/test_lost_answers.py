"""Nothing is sent twice because an answer was lost, and nothing is lost because it was never sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from bot.outbox.recovery import UNREADABLE
from bot.outbox.slack_errors import from_answer
from bot.store.outbox import messages

if TYPE_CHECKING:
    from conftest import Setup


def say(desk: Setup, *numbers: int, channel: str | None = None) -> None:
    with desk.db.writing() as session:
        for number in numbers:
            messages.say(session, "note", number, channel or desk.channel, key=f"note {number}")


def test_a_message_whose_answer_was_lost_is_found(both: Setup) -> None:
    """Slack posted it and the answer was lost: it is found by its metadata and not posted again."""
    both.workspace.faults.add("chat.postMessage", "lost_answer")
    say(both, 1, 2)

    counts = both.drain()

    assert both.said() == ["note 1", "note 2"]
    assert (counts.sent, counts.uncertain) == (2, 0)


@pytest.mark.parametrize("kind", ["server_error_after", "late_effect"])
def test_a_message_that_slack_took_all_the_same_is_found(both: Setup, kind: Literal["late_effect"]) -> None:
    """A 5xx, or a silence, after which the message is there: found by one of the looks, and not posted again."""
    both.workspace.faults.add("chat.postMessage", kind, seconds=0.1)
    say(both, 1)

    both.drain()

    assert both.said() == ["note 1"]
    assert both.states() == ["sent"]


def test_a_5xx_of_a_slack_that_did_nothing_is_made_up_for(both: Setup) -> None:
    """After two looks that find nothing the message goes out, once."""
    both.workspace.faults.add("chat.postMessage", "server_error")
    say(both, 1)

    both.drain()

    assert both.said() == ["note 1"]


def test_a_history_that_lags_is_looked_at_again(desk: Setup) -> None:
    """The first look does not show the message yet, the second does."""
    desk.workspace.faults.add("chat.postMessage", "lost_answer")
    desk.workspace.faults.add("conversations.history", "lagging", seconds=60)
    say(desk, 1)

    desk.drain()

    assert desk.said() == ["note 1"]
    assert len(desk.workspace.calls("conversations.history")) == 2


def test_a_history_that_answers_5xx_is_no_empty_history(desk: Setup) -> None:
    """A look that failed does not count: two that found nothing are needed before anything is sent again."""
    desk.workspace.faults.add("chat.postMessage", "lost_answer")
    desk.workspace.faults.add("conversations.history", "server_error", times=3)
    say(desk, 1)

    desk.drain()

    assert desk.said() == ["note 1"]


def test_a_message_that_never_arrived_is_sent_after_two_looks(both: Setup) -> None:
    """The connection was cut before anything happened: after two looks, a lease apart, it is sent again."""
    both.workspace.faults.add("chat.postMessage", "cut")
    say(both, 1)

    both.drain()

    assert both.said() == ["note 1"]
    first, second = both.workspace.calls("conversations.history")
    assert (second.at - first.at).total_seconds() >= 0.5


def test_what_follows_waits_for_the_uncertain(desk: Setup) -> None:
    """While a message is uncertain nothing overtakes it in its conversation, and others go on."""
    lee = desk.person("lee")
    desk.workspace.faults.add("chat.postMessage", "cut", match={"channel": desk.channel})
    say(desk, 1, 2)
    say(desk, 3, channel=lee)

    counts = desk.delivery(lease=30).drain(2)

    assert desk.said() == []
    assert (counts.sent, counts.uncertain, counts.waiting) == (1, 1, 1)


def test_a_lost_reply_is_found_in_its_thread(desk: Setup) -> None:
    """Replies are not in a channel's history: they are looked for under their parent."""
    with desk.db.writing() as session:
        card = messages.open_card(session, "card", 1, desk.channel)
    desk.drain()
    desk.workspace.faults.add("chat.postMessage", "lost_answer")
    with desk.db.writing() as session:
        messages.say(session, "note", 1, desk.channel, key="reply", after_card=card)
    desk.drain()

    assert desk.said() == ["card 1 open", "note 1"]
    assert len(desk.workspace.calls("conversations.replies")) == 1


def test_a_card_whose_post_was_found_is_brought_up_to_date(desk: Setup) -> None:
    """A card found after a lost answer gets its ts and is updated to the newest state."""
    desk.workspace.faults.add("chat.postMessage", "lost_answer")
    with desk.db.writing() as session:
        messages.open_card(session, "card", 1, desk.channel)
    desk.delivery(lease=30).deliver_once()
    desk.words["card"] = "granted"
    desk.drain()

    assert desk.said() == ["card 1 granted"]
    assert desk.card().shown_version == desk.card().wanted_version


def test_a_lost_update_is_simply_sent_again(desk: Setup) -> None:
    """An update may be made twice: nobody is asked and nothing is looked for."""
    with desk.db.writing() as session:
        messages.open_card(session, "card", 1, desk.channel)
    desk.drain()
    desk.words["card"] = "granted"
    desk.workspace.faults.add("chat.update", "cut")
    with desk.db.writing() as session:
        messages.refresh(session, "card", 1)
    desk.drain()

    assert desk.said() == ["card 1 granted"]
    assert desk.workspace.calls("conversations.history") == []


def test_an_unreadable_history_asks_an_admin(desk: Setup) -> None:
    """Where history cannot be read nothing is sent again; an admin is asked, and the rest goes on."""
    desk.workspace.faults.add("chat.postMessage", "lost_answer", match={"channel": desk.channel})
    desk.workspace.faults.add("conversations.history", "remove_bot")
    say(desk, 1)
    counts = desk.drain()

    assert desk.states() == ["asked"]
    assert counts.failed == 1
    assert [(code, facts["reason"]) for code, facts in desk.alarms] == [("uncertain", "channel_not_found")]


@pytest.mark.parametrize("word", sorted(UNREADABLE))
def test_a_history_we_may_not_read_is_not_waited_for(desk: Setup, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """A token that may post and not read would hold up its conversation for ever: an admin is asked at once."""

    def find(*_: object, **__: object) -> None:
        raise from_answer({"ok": False, "error": word})

    desk.workspace.faults.add("chat.postMessage", "lost_answer", match={"channel": desk.channel})
    monkeypatch.setattr(desk.slack, "find", find)
    say(desk, 1)
    desk.drain()

    assert desk.states() == ["asked"]
    assert [(code, facts["reason"]) for code, facts in desk.alarms] == [("uncertain", word)]


@pytest.mark.parametrize(("answer", "expected"), [(messages.it_arrived, "sent"), (messages.send_again, "pending")])
def test_the_admin_settles_what_was_asked(desk: Setup, answer: object, expected: str) -> None:
    """It arrived and Send again each settle the question once; the second press finds nothing to do."""
    test_an_unreadable_history_asks_an_admin(desk)

    with desk.db.writing() as session:
        assert answer(session, 1) is True  # type: ignore[operator]
    with desk.db.writing() as session:
        assert answer(session, 1) is False  # type: ignore[operator]

    assert desk.states() == [expected]


def test_a_card_waits_for_the_answer_about_its_post(desk: Setup) -> None:
    """While an admin is asked whether a card arrived, a newer state does not post it a second time."""
    desk.workspace.faults.add("chat.postMessage", "lost_answer", match={"channel": desk.channel})
    desk.workspace.faults.add("conversations.history", "remove_bot")
    with desk.db.writing() as session:
        messages.open_card(session, "card", 1, desk.channel)
    desk.drain()
    desk.workspace.invite("approvals", "credbot")
    with desk.db.writing() as session:
        messages.refresh(session, "card", 1)

    assert desk.drain().waiting == 1
    assert len(desk.said()) == 1
