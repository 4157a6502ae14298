"""What waits for an admin's word, as they see it."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from bot.store.database_time import database_now
from bot.store.engine import Database
from bot.store.outbox import messages
from bot.store.outbox.undeliverable import LIST, ask_about, group_of, newest_list, read_stuck, stuck_messages
from bot.store.tables import OutboxMessage
from tests.support.statements import statements

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def fail(db: Database, on: date, *numbers: int, state: str = "failed", where: str = "C00000001", error: str) -> None:
    """These messages get stuck on a day, and one admin has its list."""
    for number in numbers:
        with db.writing() as session:
            messages.say(session, "note", number, where, key=str(number))
        with db.writing() as session:
            row = session.exec(select(OutboxMessage).where(OutboxMessage.key == str(number))).one()
            row.state, row.error = state, error
            messages.open_card(session, LIST, ask_about(session, row.id or 0, on)[0], "person:1")


def test_alike_stands_together_and_uncertain_alone(db: Database) -> None:
    """Failed for one reason in one place: one group, oldest first; each uncertain message by itself."""
    fail(db, MONDAY, 1, 2, error="channel_archived")
    fail(db, MONDAY, 3, 4, state="asked", error="not_in_channel")
    fail(db, MONDAY, 5, error="channel_archived")
    fail(db, MONDAY, 6, error="invalid_blocks")

    with db.reading() as session:
        shown = read_stuck(session, MONDAY.toordinal(), "person:1")
        assert len(stuck_messages(session)) == 6
    assert [len(group) for group in shown.groups] == [3, 1, 1, 1]
    assert (shown.more, shown.answered, shown.moved) == (0, (), False)


def test_a_new_day_takes_over_what_is_open(db: Database) -> None:
    """The newest list has everything; a clock that was set back opens no older one."""
    fail(db, MONDAY, 1, error="channel_archived")
    fail(db, TUESDAY, 2, error="channel_archived")
    fail(db, MONDAY, 3, error="channel_archived")

    with db.reading() as session:
        assert newest_list(session) == TUESDAY.toordinal()
        assert read_stuck(session, MONDAY.toordinal(), "person:1").moved
        assert [len(group) for group in read_stuck(session, TUESDAY.toordinal(), "person:1").groups] == [3]


def test_a_group_is_what_failed_alike_up_to_its_last(db: Database) -> None:
    """What has failed since the list was shown, elsewhere, or for another reason is not of the group."""
    fail(db, MONDAY, 1, 2, error="channel_archived")
    fail(db, MONDAY, 3, error="invalid_blocks")
    fail(db, MONDAY, 4, where="C00000002", error="channel_archived")
    fail(db, MONDAY, 5, 6, error="channel_archived")

    with db.reading() as session:
        ids = [one.id for one in stuck_messages(session)]
        first = session.get_one(OutboxMessage, ids[0])
        assert group_of(session, first, ids[4]) == [ids[0], ids[1], ids[4]]
        assert group_of(session, first, ids[0]) == [ids[0]]


def test_a_list_reads_what_it_shows_and_counts_the_rest(db: Database) -> None:
    """Of 420 that failed in 14 places it reads ten groups, with as many statements as for 14 messages."""
    counts = []
    for each in (1, 30):
        with db.writing() as session:
            session.add_all(
                OutboxMessage(
                    kind="note", subject=1, channel=f"C{place:08}", key=f"{each}:{place}:{number}", state="failed",
                    error="channel_archived", created_at=database_now(session),
                )
                for place in range(14) for number in range(each)
            )  # fmt: skip
        with db.reading() as session, statements(session) as asked:
            shown = read_stuck(session, MONDAY.toordinal(), "person:1")
            counts.append(len(asked))
    assert [len(group) for group in shown.groups] == [31] * 10
    assert shown.more == 4 * 31
    assert counts[0] == counts[1]
    with db.reading() as session:
        assert len(stuck_messages(session)) == 100
