"""One ``credbot run``, ``web`` or ``worker`` as anybody starts it, but for its clock: business time is the soak's.

Started as ``python -m soak.process WORD CLOCK_FILE``. Jobs run every other second, since the soak's days are short.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from bot import log as logs
from bot.app import build
from bot.clock import Clock
from bot.jobs import schedule
from bot.server import lifecycle
from bot.server.errors import MENDABLE, in_words
from bot.settings import read_settings
from bot.store.schema import make_ready
from soak.clock import SharedClock

WAYS = {"run": ("socket", True), "web": ("http", False), "worker": (None, True)}


def main(word: str, clock_file: str) -> None:
    way, jobs = WAYS[word]
    schedule.MINUTE = timedelta(seconds=2)
    settings = read_settings(None)
    logs.configure()
    bot = build(settings, Clock(settings.zone, SharedClock(Path(clock_file)).now))
    make_ready(bot.db)
    lifecycle.until_told_to_stop(lifecycle.start(bot, way=way, jobs=jobs, delivery=jobs, host="127.0.0.1"))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except MENDABLE as error:
        sys.exit(in_words(error))
