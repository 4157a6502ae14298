"""What Slack refuses for a reason that passes is tried again for an hour; what is final fails at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from bot.store.outbox import messages
from bot.store.tables import OutboxMessage, Pace

if TYPE_CHECKING:
    from conftest import Setup

OFTEN = 1_000


def say(desk: Setup, *numbers: int, channel: str | None = None) -> None:
    with desk.db.writing() as session:
        for number in numbers:
            messages.say(session, "note", number, channel or desk.channel, key=f"note {number}")


def later(desk: Setup, by: timedelta) -> None:
    """What was tried was tried so much earlier, and no pause holds anything up any more."""
    with desk.db.writing() as session:
        for message in session.exec(select(OutboxMessage)):
            for name in ("sending_at", "lease", "created_at"):
                if at := getattr(message, name):
                    setattr(message, name, at - by)
        for pace in session.exec(select(Pace)):
            pace.next_at -= by


def tries(desk: Setup) -> None:
    """Whatever may go is tried once more, what is uncertain looked for twice."""
    for _ in range(4):
        desk.delivery().deliver_once()
        later(desk, timedelta(minutes=1))


@pytest.mark.parametrize("word", ["team_added_to_org", "external_channel_migrating", "a_word_of_tomorrow"])
def test_a_word_that_passes_fails_nothing(both: Setup, word: str) -> None:
    """Refused twice, the message keeps its place and goes out; nobody is asked for anything."""
    both.workspace.faults.add("chat.postMessage", "refused", times=2, word=word)
    say(both, 1, 2)
    tries(both)
    both.drain()

    assert both.said() == ["note 1", "note 2"]
    assert (both.states(), both.alarms) == (["sent", "sent"], [])
    assert [row.error for row in both.rows()] == [None, None]


@pytest.mark.parametrize("word", ["team_added_to_org", "a_word_of_tomorrow", "internal_error"])
def test_what_has_not_passed_after_an_hour_fails(both: Setup, word: str) -> None:
    """An admin hears Slack's own word; **Send again** begins another hour."""
    both.workspace.faults.add("chat.postMessage", "refused", times=OFTEN, word=word)
    say(both, 1)
    tries(both)
    assert (both.states()[0] in ("pending", "uncertain"), both.alarms) == (True, [])

    later(both, timedelta(hours=1))
    tries(both)
    assert both.states() == ["failed"]
    assert [(code, facts["reason"]) for code, facts in both.alarms] == [("not_delivered", word)]

    with both.db.writing() as session:
        assert messages.send_again(session, 1)
    tries(both)
    assert both.states()[0] in ("pending", "uncertain")


def test_an_outage_of_hours_fails_nothing(desk: Setup) -> None:
    """A Slack that says nothing at all is waited for, however long."""
    desk.workspace.faults.add("chat.postMessage", "cut", times=2)
    say(desk, 1)
    tries(desk)
    later(desk, timedelta(hours=3))
    tries(desk)
    desk.drain()

    assert (desk.said(), desk.alarms) == (["note 1"], [])


@pytest.mark.parametrize("word", ["channel_not_found", "is_archived", "not_in_channel", "invalid_blocks"])
def test_a_final_word_fails_at_once(desk: Setup, word: str) -> None:
    """Waiting would mend nothing, and hold up what follows."""
    desk.workspace.faults.add("chat.postMessage", "refused", word=word)
    say(desk, 1)

    assert desk.delivery().deliver_once().failed == 1
    assert [facts["reason"] for _, facts in desk.alarms] == [word]


def test_a_dm_that_cannot_be_opened_now_is_opened_later(both: Setup) -> None:
    """A person's DM is no different: it passes, or an admin hears after an hour."""
    lee = both.person("lee")
    both.workspace.faults.add("conversations.open", "refused", times=OFTEN, word="a_word_of_tomorrow")
    say(both, 1, channel=lee)
    tries(both)
    assert (both.states(), both.alarms) == (["pending"], [])

    later(both, timedelta(hours=1))
    tries(both)
    assert both.states() == ["failed"]
    assert [facts["reason"] for _, facts in both.alarms] == ["a_word_of_tomorrow"]


def test_a_channel_that_cannot_be_looked_at_now_is_looked_at_later(desk: Setup) -> None:
    """Whether a channel is fit is asked first; that question passes, or fails, in the same way."""
    desk.workspace.faults.add("conversations.info", "refused", times=2, word="team_added_to_org")
    say(desk, 1)
    tries(desk)
    desk.drain()

    assert (desk.said(), desk.alarms) == (["note 1"], [])


def test_a_look_that_is_refused_for_an_hour_asks_an_admin(desk: Setup) -> None:
    """Nobody knows whether the message is there: it is looked for again for an hour, and then a person decides."""
    desk.workspace.faults.add("chat.postMessage", "lost_answer")
    desk.workspace.faults.add("conversations.history", "refused", times=OFTEN, word="a_word_of_tomorrow")
    say(desk, 1)
    tries(desk)
    assert desk.alarms == []

    later(desk, timedelta(hours=1, minutes=5))
    tries(desk)
    assert desk.states() == ["asked"]
    assert [code for code, _ in desk.alarms] == ["uncertain"]


def test_what_waits_for_a_passing_word_leaves_others_alone(desk: Setup) -> None:
    """Only its own conversation waits; the method goes on everywhere else."""
    lee, here = desk.person("lee"), {"channel": desk.channel}
    desk.workspace.faults.add("chat.postMessage", "refused", times=OFTEN, match=here, word="a_word_of_tomorrow")
    say(desk, 1)
    desk.delivery().deliver_once()
    say(desk, 2, channel=lee)
    desk.drain(0.5)

    assert desk.states() == ["pending", "sent"]
