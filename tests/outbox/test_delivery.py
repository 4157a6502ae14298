"""What is said goes out: once, in order, in the state of that moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.store.outbox import messages

if TYPE_CHECKING:
    from conftest import Setup


def test_notes_arrive_in_the_order_of_saying(both: Setup) -> None:
    """Messages of one transaction reach a conversation in the order they were said, whatever their keys."""
    with both.db.writing() as session:
        for number, key in ((1, "z"), (2, "a"), (3, "m")):
            messages.say(session, "note", number, both.channel, key=key)

    assert both.drain().sent == 3
    assert both.said() == ["note 1", "note 2", "note 3"]


def test_the_same_key_is_said_once(both: Setup) -> None:
    """A key that was said before is not said again, in this transaction or a later one."""
    for _ in range(2):
        with both.db.writing() as session:
            messages.say(session, "note", 1, both.channel, key="once")
            messages.say(session, "note", 2, both.channel, key="once")

    both.drain()

    assert both.said() == ["note 1"]


def test_a_dm_is_opened_and_stored_first(both: Setup) -> None:
    """A person's DM is opened once, and messages to it stay in order."""
    lee = both.person("lee")
    with both.db.writing() as session:
        messages.say(session, "note", 1, lee, key="1")
        messages.say(session, "note", 2, lee, key="2")

    assert both.drain().sent == 2

    dm = both.workspace.direct_message(both.workspace.person("lee").id)
    assert [m.text for m in dm.lasting()] == ["note 1", "note 2"]
    assert len(both.workspace.calls("conversations.open")) == 1


def test_a_card_follows_its_state(both: Setup) -> None:
    """A card is posted once and then updated in place with the state that is committed."""
    with both.db.writing() as session:
        messages.open_card(session, "card", 1, both.channel)
    both.drain()
    both.words["card"] = "granted"
    with both.db.writing() as session:
        messages.refresh(session, "card", 1)
    both.drain()

    assert both.said() == ["card 1 granted"]
    assert both.card().shown_version == both.card().wanted_version == 2


def test_a_card_that_looks_the_same_is_not_sent(desk: Setup) -> None:
    """A refresh that changes nothing that a person could see makes no call."""
    with desk.db.writing() as session:
        messages.open_card(session, "card", 1, desk.channel)
    desk.drain()
    with desk.db.writing() as session:
        messages.refresh(session, "card", 1)
    desk.drain()

    assert desk.workspace.calls("chat.update") == []
    assert desk.states() == ["sent", "dropped"]


def test_many_refreshes_wait_as_one(both: Setup) -> None:
    """However often a card changes before it is shown, one row waits for it."""
    with both.db.writing() as session:
        messages.open_card(session, "card", 1, both.channel)
    for _ in range(3):
        with both.db.writing() as session:
            messages.refresh(session, "card", 1)

    assert both.states() == ["pending"]
    both.drain()
    assert both.card().shown_version == 4


def test_a_changed_card_goes_before_what_is_said_with_it(both: Setup) -> None:
    """Old buttons go first: the replies under them come at Slack's pace, one after the other."""
    with both.db.writing() as session:
        card = messages.open_card(session, "card", 1, both.channel)
    both.drain()
    both.words["card"] = "granted"
    with both.db.writing() as session:
        messages.say(session, "note", 2, both.channel, key="a reply", after_card=card)
        messages.refresh(session, "card", 1)
    both.drain()

    calls = [call.method for call in both.workspace.log if call.method.startswith("chat.")]
    assert calls == ["chat.postMessage", "chat.update", "chat.postMessage"]


def test_replies_wait_for_their_card(both: Setup) -> None:
    """A reply said before its card is posted goes into the card's thread, after it."""
    with both.db.writing() as session:
        card = messages.open_card(session, "card", 1, both.channel)
        messages.say(session, "note", 2, both.channel, key="a reply", after_card=card)
    both.drain()

    first, reply = both.workspace.conversations.named("approvals").lasting()
    assert (first.text, reply.text) == ("card 1 open", "note 2")
    assert reply.thread_ts == first.ts


def test_what_is_no_longer_true_is_dropped(desk: Setup) -> None:
    """A message whose reason has gone is not sent, and the row says why."""
    with desk.db.writing() as session:
        messages.say(session, "over", 1, desk.channel, key="1")
    desk.drain()

    assert desk.said() == []
    assert [(row.state, row.error) for row in desk.rows()] == [("dropped", "it was reported meanwhile")]


def test_a_later_time_holds_up_nobody(desk: Setup) -> None:
    """A message for later waits, and those behind it go."""
    with desk.db.writing() as session:
        messages.say(session, "note", 1, desk.channel, key="1", not_before=datetime.now(UTC) + timedelta(hours=1))
        messages.say(session, "note", 2, desk.channel, key="2")
    counts = desk.drain()

    assert desk.said() == ["note 2"]
    assert counts.waiting == 1
    assert (counts.next_in or 0) > 3_500


def test_a_message_carries_its_row(desk: Setup) -> None:
    """Slack's metadata holds the row's id, by which a lost message is found again."""
    with desk.db.writing() as session:
        messages.say(session, "note", 1, desk.channel, key="1")
    desk.drain()

    (message,) = desk.workspace.conversations.named("approvals").lasting()
    row = desk.rows()[0]
    assert message.metadata == {"event_type": "credbot", "event_payload": {"id": str(row.id)}}
    assert (row.sent_ts, row.sent_text) == (message.ts, "note 1")
