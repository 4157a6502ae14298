"""``make soak``: 2 web and 2 worker processes on PostgreSQL, then 1 run on SQLite; exits 1 if anything is found."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from soak.database import SQLite, postgresql
from soak.soak import Report, soak

MANY = {"web-1": "web", "web-2": "web", "worker-1": "worker", "worker-2": "worker"}
ONE = {"run": "run"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="How long people work; catching up comes on top.")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="Plays the plan of an earlier run.")
    chosen = parser.parse_args()
    print(f"Seed {chosen.seed}. To play it again: make soak ARGS='--seed {chosen.seed} --seconds {chosen.seconds:g}'")
    root = Path(tempfile.mkdtemp(prefix="credbot-soak-"))
    with postgresql() as database:
        first = soak(database, MANY, _folder(root, "postgresql"), seed=chosen.seed, seconds=chosen.seconds * 2 / 3)
    _show("2 web and 2 worker on PostgreSQL", first)
    folder = _folder(root, "sqlite")
    second = soak(SQLite(folder / "credbot.db"), ONE, folder, seed=chosen.seed, seconds=chosen.seconds / 3)
    _show("1 run on SQLite", second)
    print(f"Logs: {root}")
    return 1 if first.findings or second.findings else 0


def _folder(root: Path, name: str) -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    return folder


def _show(name: str, report: Report) -> None:
    print(f"\n{name}")
    for what, figure in report.figures.items():
        print(f"  {what}: {figure}")
    print("\n".join(f"  FOUND: {found}" for found in report.findings) or "  Everything held.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
