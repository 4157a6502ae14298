"""From ``/cred status`` until the answer is there, alone and 32 in the same instant, over signed HTTP and Socket Mode.

Against bare Bolt with ``process_before_response`` that answers one line in the same way, to the response_url. The
database's time is measured beside it and taken off ours: one interpreter serves all, so 32 reads come one by one.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median

from sqlmodel import select

from benchmarks import rosters
from benchmarks.commands import Place, Trial, play
from benchmarks.places import KEY, context
from benchmarks.processes import WAYS, Way, bare_bolt, credbot
from benchmarks.ratio import Ratio, Sample, show
from bot.store import glances, people
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.tables import Person, Provider

SIZE = 960
AT_ONCE = (1, 32)
READS = 50


def measure(size: int = SIZE, ways: Sequence[Way] = WAYS) -> list[Ratio]:
    """``size``: answers of each app with 32 at once; a quarter of that one by one."""
    return [ratio for way in ways for ratio in _by(way, size)]


def _by(way: Way, size: int) -> Iterator[Ratio]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        ours, bare = Trial(Place(), answers=True), Trial(Place(), answers=True)
        for trial in (ours, bare):
            running.enter_context(trial.place.slack)
        db = running.enter_context(closing(_Kept(Path(folder), ours.place.cora)))
        running.enter_context(credbot(ours.place.slack, way, Path(folder)))
        running.enter_context(bare_bolt(bare.place.slack, way, before_response=True))
        for many in AT_ONCE:
            rounds = max(2, size // 32 if many > 1 else size // 4)
            mine, other = play([ours, bare], way, "status", many, rounds)
            reading = many * db.reading()
            what = f"/cred status answered, {many} at once, {way}, less {reading * 1000:.3g} ms of database"
            rest = Sample(tuple(seconds - reading for seconds in mine.answered))
            yield Ratio(what, rest, "one line", Sample(tuple(other.answered)), 1.5, "p99")


class _Kept:
    """The database behind the answers: one psychiatrist with five licenses."""

    def __init__(self, folder: Path, slack_user_id: str) -> None:
        self._db = Database(f"sqlite:///{folder}/credbot.db", (KEY,))
        self._slack_user_id = slack_user_id
        migrate(self._db.engine)
        rosters.bring_in(self._db, rosters.write(folder / "roster.csv", len(rosters.STATES)))
        with self._db.writing() as session:
            account = Person(slack_user_id=slack_user_id, name="Cora Diaz")
            session.add(account)
            session.flush()
            session.exec(select(Provider)).one().person_id = account.id

    def reading(self) -> float:
        """Seconds of the processor for all that an answer reads: who asks, about whom, and that file."""
        return median(self._read() for _ in range(READS))

    def _read(self) -> float:
        begun = time.thread_time()
        ctx = context()
        with self._db.reading() as session:
            me = people.person_by_slack_id(session, self._slack_user_id, on=ctx.today)
            assert me is not None
            assert me.provider_id is not None
        with self._db.reading() as session:
            provider = people.provider(session, me.provider_id)
            assert provider is not None
        with self._db.reading() as session:
            glances.status_view(session, me, provider, ctx.policies, ctx.today, ctx.admins)
        return time.thread_time() - begun

    def close(self) -> None:
        self._db.dispose()


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
