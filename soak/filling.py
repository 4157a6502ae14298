"""How a random person fills in whatever form is in front of them."""

from __future__ import annotations

import random
import re
from datetime import date, datetime, timedelta
from typing import Any

from slack_sandbox.person.actor import Actor

ON_FILE = re.compile(r" · (?P<number>\S+) · on file through (?P<day>\w+ \d+, \d{4})")
NASTY = ("<!channel> please & thank you", "{{ 7 * 7 }} *bold* `code`", "São Paulo, 東京 🙂", "it's “urgent”")


def fill_in(me: Actor, rng: random.Random, today: date) -> None:
    """Answers every field that it knows; what is prefilled mostly stays."""
    modal = me.modal
    if modal is None:
        return
    values = {label: _value(me, label, modal.text, rng, today) for label in modal.fields}
    me.fills({label: value for label, value in values.items() if value is not None})


def _value(me: Actor, label: str, text: str, rng: random.Random, today: date) -> Any:
    if label in {"Number shown", "Expiration shown"}:
        return _as_shown(label, text, rng, today)
    known = {
        "Expires on": (today + timedelta(days=rng.choice((5, 40, 400, 800)))).isoformat(),
        "Issued on": (today - timedelta(days=rng.randrange(1, 60))).isoformat(),
        "Filed on": today.isoformat(),
        "Meeting on": today.isoformat(),
        "Receipt": f"RC-{rng.randrange(10**6)}",
        "Status shown": "Active",
        "Public action shown": "No",
        "Reference": "https://board.example/look-up",
    }
    if label in known:
        return known[label]
    if label in {"What do you need?", "Reason", "Answer", "Note", "Note to the provider"}:
        return rng.choice(NASTY)
    if label == "Privileges":
        return [rng.choice(me.options(label))]
    if label in {"Source", "Method", "What should happen?", "What is wrong?", "Criterion", "Provider", "Credential"}:
        return rng.choice(me.options(label))
    return None


def _as_shown(label: str, text: str, rng: random.Random, today: date) -> str:
    """What is on file, mostly; a source that shows something else makes a discrepancy."""
    found = ON_FILE.search(text)
    if found is None or rng.random() < 0.15:
        return f"X{rng.randrange(10**5)}" if label == "Number shown" else (today + timedelta(days=99)).isoformat()
    if label == "Number shown":
        return found["number"]
    return datetime.strptime(found["day"], "%b %d, %Y").date().isoformat()  # noqa: DTZ007  (a plain day)
