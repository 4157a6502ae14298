"""Logs: static event names, ids instead of names; tokens, license numbers and response_urls never."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog

from bot.log.redaction import redacted_by_key

LIBRARIES = ("slack_bolt", "slack_sdk", "apscheduler", "alembic")


def hide_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces what must not be read in a log, by key and by look, at any depth."""
    for key, value in event.items():
        if not key.startswith("_"):  # structlog's own, taken out before anything is written
            event[key] = redacted_by_key(key, value)
    return event


def new_reference() -> str:
    """What a person reads and the log carries, so that one leads to the other."""
    return secrets.token_hex(3).upper()


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
    for name in LIBRARIES:
        of_library(name)
    # Each request that is no HTTP would be a warning; bot/server/http.py counts them instead.
    of_library("uvicorn", logging.ERROR)


def of_library(name: str, level: int = logging.WARNING) -> logging.Logger:
    """A library's logger, at a level of its own, whatever the root's is."""
    logger = logging.getLogger(name)
    logger.setLevel(level)
    return logger


def about(**ids: Any) -> AbstractContextManager[None]:
    """Every event inside, a library's too, carries these ids: by them one request's or one message's are found."""
    return structlog.contextvars.bound_contextvars(**ids)


def get(name: str) -> Any:
    """A structlog logger bound to where it speaks from."""
    return structlog.get_logger(module=name)
