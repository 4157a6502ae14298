"""Logs: static event names, ids instead of names; tokens, license numbers and response_urls never."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog

SECRETS = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|https?://\S*(?:/commands/|/actions/|/response/|response_url)\S*|wss?://\S+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<=DETAIL:)[^\n]+"
)
"""Tokens, what opens an answer or a socket, e-mail addresses, and the row that PostgreSQL shows with its objection."""
HIDDEN_KEYS = frozenset({"token", "number", "npi", "response_url", "secret", "signing_secret", "number_shown"})


def hide_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces what must not be read in a log, by key and by look."""
    for key, value in event.items():
        if key in HIDDEN_KEYS:
            event[key] = "…"
        elif isinstance(value, str):
            event[key] = SECRETS.sub("…", value)
    return event


def configure(level: str = "INFO", stream: Any = None) -> None:
    """Sends our events and those of the libraries through one redacting renderer to stderr."""
    out = stream or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("slack_bolt", "slack_sdk", "apscheduler", "uvicorn", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def about(**ids: Any) -> AbstractContextManager[None]:
    """Every event inside, a library's too, carries these ids: by them one request's or one message's are found."""
    return structlog.contextvars.bound_contextvars(**ids)


def get(name: str) -> Any:
    """A structlog logger bound to where it speaks from."""
    return structlog.get_logger(module=name)
