"""Restricted values in the audit chain: as hashes that only the database's own values can be held against."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from sqlmodel import Session

PREFIX = "sealed:"


def sealed(session: Session, subject: str, name: str, value: Any) -> str:
    """The hash of one field of a subject. Without the key nobody finds out by trying which of few values it was."""
    key: str = session.info["keys"][0]
    derived = hmac.new(key.encode(), b"credbot restricted values", hashlib.sha256).digest()
    content = json.dumps([subject, name, value], default=str, separators=(",", ":"), ensure_ascii=False)
    return PREFIX + hmac.new(derived, content.encode(), hashlib.sha256).hexdigest()
