"""``credbot`` that has loaded everything once: each line on stdin becomes a process of its own, forked from this one.

An interpreter that starts takes a second of processor before it does anything. Each line is JSON: ``begin`` with what a
process is given, answered with its id, or ``ended`` with an id, answered with its exit status, None while it runs.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, NoReturn

import bot.jobs.run_as_if
import bot.roster
import bot.server.lifecycle
import bot.store.migrations  # noqa: F401
from bot.cli.main import main


def begin(words: list[str], **given: Any) -> int:
    child = os.fork()
    return child or be_credbot(words, **given)


def be_credbot(words: list[str], folder: str, environment: dict[str, str], out: str, err: str) -> NoReturn:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, file, mode in ((0, os.devnull, os.O_RDONLY), (1, out, os.O_WRONLY), (2, err, os.O_WRONLY)):
        os.dup2(os.open(file, mode), number)
    main(words)


def ended(child: int) -> int | None:
    done, status = os.waitpid(child, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def answer(asked: dict[str, Any]) -> int | None:
    return begin(**asked["begin"]) if "begin" in asked else ended(asked["ended"])


for line in sys.stdin:
    sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
    sys.stdout.flush()
