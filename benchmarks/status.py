"""From ``/cred status`` until the answer is there, alone and 32 in the same instant, over signed HTTP and Socket Mode.

Against bare Bolt with ``process_before_response`` that reads the same and answers one line, to the response_url. It
may take half as long again as bare Bolt that reads nothing, plus the database's time: what reading adds to bare Bolt.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlmodel import select

from benchmarks import rosters
from benchmarks.commands import Place, Trial, play
from benchmarks.places import KEY
from benchmarks.processes import WAYS, Way, bare_bolt, credbot
from benchmarks.ratio import Ratio, Sample, show
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.tables import Person, Provider

SIZE = 960
AT_ONCE = (1, 32)


def measure(size: int = SIZE, ways: Sequence[Way] = WAYS) -> list[Ratio]:
    """``size``: answers of each app with 32 at once; a quarter of that one by one."""
    return [ratio for way in ways for ratio in _by(way, size)]


def _by(way: Way, size: int) -> Iterator[Ratio]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        ours, reads, bare = (Trial(Place(), answers=True) for _ in range(3))
        for trial in (ours, reads, bare):
            running.enter_context(trial.place.slack)
        url = f"sqlite:///{folder}/credbot.db"
        _keep(url, Path(folder), ours.place.cora)
        running.enter_context(credbot(ours.place.slack, way, Path(folder)))
        running.enter_context(bare_bolt(reads.place.slack, way, "reads", DATABASE_URL=url))
        running.enter_context(bare_bolt(bare.place.slack, way, "before_response"))
        for many in AT_ONCE:
            rounds = max(2, size // 32 if many > 1 else size // 4)
            took = play([ours, reads, bare], way, "status", many, rounds)
            mine, read, line = (Sample(tuple(each.answered)) for each in took)
            what = f"/cred status answered, {many} at once, {way}"
            yield Ratio(what, mine, "the same reads, one line", read, 1 + 0.5 * line.p99 / read.p99, "p99")


def _keep(url: str, folder: Path, slack_user_id: str) -> None:
    """The database behind the answers: one psychiatrist with five licenses."""
    db = Database(url, (KEY,))
    migrate(db.engine)
    rosters.bring_in(db, rosters.write(folder / "roster.csv", len(rosters.STATES)))
    with db.writing() as session:
        account = Person(slack_user_id=slack_user_id, name="Cora Diaz")
        session.add(account)
        session.flush()
        session.exec(select(Provider)).one().person_id = account.id
    db.dispose()


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
