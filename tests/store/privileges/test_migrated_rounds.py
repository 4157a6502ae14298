"""What was answered before every round had a row of its own is carried over from the audit events."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlmodel import select

from bot.rules.privileges.views import RoundOpening
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.privileges.rounds import rounds_of
from bot.store.tables import ApprovalRound

AT = "2026-11-23 15:00:00"
EVENT = "INSERT INTO audit_event (seq, at, actor, act, subject, reason, previous_hash, hash, key_id) VALUES"
OF_THE_FIRST_RELEASE = (
    "INSERT INTO person (id, slack_user_id, name, guest, bot) VALUES (1, 'ULEE', 'Lee', false, false)",
    "INSERT INTO provider (id, name, type, status, person_id) VALUES (1, 'Lee', 'psychiatrist', 'active', 1)",
    """INSERT INTO review (id, kind, number, provider_id, requester_id, asked_on, policy_hash, state)
       VALUES (4, 'request', 1004, 1, 1, '2026-11-23', 'p', 'open')""",
    "INSERT INTO review_line (id, review_id, privilege, state, reason) VALUES (5, 4, 'ect', 'open', 'Since May.')",
    """INSERT INTO review_step (id, line_id, position, body, mode, quorum, round, state, version, due_at) VALUES
       (6, 5, 1, 'credentials_committee', 'recommend', 2, 2, 'passed', 1, '2026-12-01'),
       (7, 5, 2, 'medical_director', 'grant', 1, 3, 'open', 1, '2026-12-01')""",
    f"{EVENT} (1, '{AT}', 'ULEE', 'return_answered', 'review:4', 'At Mercy.', 'a', 'b', 'k')",
    f"{EVENT} (2, '{AT}', 'cli', 'request_reopened', 'review:4', 'Meeting of 2026-11-20: Held:\nyes', 'b', 'c', 'k')",
    f"{EVENT} (3, '{AT}', 'ULEE', 'return_answered', 'review:4', 'Since May.', 'c', 'd', 'k')",
)  # fmt: skip


def test_earlier_answers_stand_by_their_rounds(old_db: Database) -> None:
    """Answers and a meeting's note, over two steps, each by the round it opened, with who said it."""
    with old_db.engine.begin() as connection:
        for statement in OF_THE_FIRST_RELEASE:
            connection.execute(text(statement))
    migrate(old_db.engine)

    with old_db.reading() as session:
        rounds = rounds_of(session, 4)
        at = session.exec(select(ApprovalRound.at)).all()

    assert [(one.number, one.opening) for one in rounds] == [
        (1, None),
        (2, RoundOpening("answer", "At Mercy.", "Lee")),
        (1, None),
        (2, RoundOpening("meeting", "Held:\nyes", "", date(2026, 11, 20))),
        (3, RoundOpening("answer", "Since May.", "Lee")),
    ]
    assert set(at) == {datetime(2026, 11, 23, 15, tzinfo=UTC)}
