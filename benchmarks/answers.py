"""From ``/cred status`` until the answer is seen, alone and 32 in the same instant, over signed HTTP and Socket Mode.

Against bare Bolt with ``process_before_response`` that reads the same and answers one line in its acknowledgement.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlmodel import select

from benchmarks.harness import rosters
from benchmarks.harness.commands import Place, play
from benchmarks.harness.places import KEY
from benchmarks.harness.processes import WAYS, Way, bare_bolt, credbot
from benchmarks.harness.ratio import Ratio, Sample, show
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.tables import PersonRow, ProviderRow

SIZE = 960
AT_ONCE = (1, 32)


def measure(size: int = SIZE, ways: Sequence[Way] = WAYS) -> list[Ratio]:
    """``size``: answers of each app with 32 at once; a quarter of that one by one."""
    return [ratio for way in ways for ratio in _by(way, size)]


def _by(way: Way, size: int) -> Iterator[Ratio]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        ours, bare = Place(), Place()
        for place in (ours, bare):
            running.enter_context(place.slack)
        url = keep_one(Path(folder), ours.cora)
        running.enter_context(credbot(ours.slack, way, Path(folder)))
        running.enter_context(bare_bolt(bare.slack, way, DATABASE_URL=url))
        for many in AT_ONCE:
            rounds = max(2, size // 32 if many > 1 else size // 4)
            mine, line = (Sample(tuple(took)) for took in play([ours, bare], way, "status", many, rounds))
            what = f"/cred status answered, {many} at once, {way}"
            yield Ratio(what, mine, "the same reads, one line", line, 1.3)
            yield Ratio(what, mine, "the same reads, one line", line, 1.5, "p99")


def keep_one(folder: Path, slack_user_id: str) -> str:
    """The address of a database that holds one psychiatrist with five licenses."""
    url = f"sqlite:///{folder}/credbot.db"
    db = Database(url, (KEY,))
    migrate(db.engine)
    rosters.bring_in(db, rosters.write(folder / "roster.csv", len(rosters.STATES)))
    with db.writing() as session:
        account = PersonRow(slack_user_id=slack_user_id, name="Cora Diaz")
        session.add(account)
        session.flush()
        session.exec(select(ProviderRow)).one().person_id = account.id
    db.dispose()
    return url


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
