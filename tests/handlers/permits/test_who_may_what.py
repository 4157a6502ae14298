"""Everybody who may come × every button, form and command × whose row it names: each outcome as it is stated."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot import log
from bot.cards.actions import Action, Form
from bot.handlers import CLICKS, SUBMISSIONS
from bot.handlers.command import SUBCOMMANDS
from bot.handlers.dispatch import listeners as dispatch_listeners
from bot.store.audit.chain_check import ChainVerified, verify
from tests.handlers.permits.clinic import GARBAGE, MISSING, ROLES, SUPERVISED, Clinic, Rows, slack_id
from tests.handlers.permits.driving import Driver, Outcome, same_words
from tests.handlers.permits.expected import ALLOWED, BUTTONS, COLUMNS, DOOR, FORMS, LINES, OUTDATED, STAFF, Entry, Here

OLDER = "from an older version of Credbot"
BROKEN = "Something went wrong on my side"
WORDS_KEPT = {Action.OPEN_FORM, Action.TRY_AGAIN}
"""Their values are words, or another button's, and start what these start."""
OPENED_ONLY = {Form.DETAILS, Form.LOADING, Form.SAVING, Form.RESULT}
"""Views without a submit button."""
COMING = [role for role in ROLES if role != "voter"]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    log.configure("CRITICAL")
    driver = Driver(tmp_path_factory.mktemp("matrix") / "clinic.db")
    yield driver
    driver.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", COMING)
def test_every_cell_is_as_stated(role: str, driver: Driver, capsys: pytest.CaptureFixture[str]) -> None:
    """Refusals leave one event and nothing else, name nobody, and do not tell whether a row exists."""
    counts: Counter[str] = Counter()
    wrong = [problem for entry in (*BUTTONS, *FORMS, *LINES) for problem in _problems(driver, entry, role, counts)]
    with capsys.disabled():
        sys.stdout.write(f"\n{role}: {counts.total()} cells, {dict(counts)}")
    assert not wrong, "\n".join(wrong)


def test_nobody_is_left_out_of_the_matrix() -> None:
    """A new button, form or command fails here until somebody has stated who may."""
    assert {entry.what for entry in BUTTONS} | WORDS_KEPT == set(Action)
    assert {entry.what for entry in FORMS} | OPENED_ONLY == set(Form)
    assert {entry.what.split(" ")[0] for entry in LINES} >= {"help", *SUBCOMMANDS}


def test_whatever_starts_something_says_who_may() -> None:
    """No listener is left with the permit that lets everybody through."""
    listeners = [*CLICKS.values(), *SUBMISSIONS.values(), *SUBCOMMANDS.values()]
    open_to_all = dispatch_listeners.Listener(lambda *_: None).permit
    assert not [one for one in listeners if one.permit is open_to_all]


def test_the_chain_holds_after_the_matrix(driver: Driver) -> None:
    """Thousands of refusals are chained like everything else."""
    with driver.bot.reading() as session:
        found = verify(session, driver.bot.settings.credbot_secret_key)
    assert isinstance(found, ChainVerified) or found.seq is None  # the clinic itself was laid without events


def _problems(driver: Driver, entry: Entry, role: str, counts: Counter[str]) -> Iterator[str]:
    """What is not as it is stated, in words."""
    unknown: dict[str, str] = {}
    for column in entry.columns_of(role):
        outcome, named = _does(driver, entry, role, column)
        expected, found = entry.outcome(role, column), _found(outcome)
        counts[found if found in (ALLOWED, OUTDATED) else "refused"] += 1
        cell = f"{role}: {entry.what} {entry.detail} [{column}]"
        if found != expected:
            yield f"{cell} is {found}, not {expected}: {outcome.said[:300]}"
        elif found not in (ALLOWED, OUTDATED):
            yield from (f"{cell}: {why}" for why in _refused_wrongly(driver.clinic, outcome, role, named))
            if column in ("foreign", "missing", "another kind"):
                unknown[column] = same_words(outcome.said)
        if BROKEN in outcome.said:
            yield f"{cell} broke: {outcome.said[:300]}"
    if role not in STAFF and len(set(unknown.values())) > 1:
        yield f"{role}: {entry.what} {entry.detail} tells whether a row exists: {unknown}"


def _does(driver: Driver, entry: Entry, role: str, column: str) -> tuple[Outcome, str]:
    """What comes of it, and the ids that were named."""
    here, it = _rows(driver.clinic, role, column)
    built = entry.build(here, it)
    if isinstance(entry.what, Form):
        meta, values = built
        if column == "blank" and len(entry.columns) > 1:
            values = {}
        return driver.sends(role, entry.what, meta, values), f"{meta} {values}"
    if isinstance(entry.what, Action):
        value = "" if column == "blank" and len(entry.columns) > 1 else built
        return driver.presses(role, entry.what, value), value
    words = entry.what.replace("@", "") if column == "blank" else built
    return driver.types(role, words), words


def _rows(clinic: Clinic, role: str, column: str) -> tuple[Here, Rows]:
    whose = next((who for who, supervisor in SUPERVISED.items() if supervisor == role), role)
    own = whose if whose in clinic.files else "provider"
    other = "another provider" if own == "provider" else "provider"
    here = Here(clinic.files[own], clinic.files[other])
    rows: Mapping[str, Any] = {
        "own": here.own,
        "foreign": here.foreign,
        "missing": MISSING,
        "another kind": clinic.of_another_kind(own),
        "garbage": GARBAGE,
        "blank": here.foreign,
    }
    assert set(rows) == set(COLUMNS)
    return here, rows[column]


def _found(outcome: Outcome) -> str:
    if outcome.refusals:
        return outcome.refusals[0].reason or ""
    return OUTDATED if OLDER in outcome.said else ALLOWED


def _refused_wrongly(clinic: Clinic, outcome: Outcome, role: str, named: str) -> Iterator[str]:
    """One event says who tried what; nothing else is written; the answer tells nothing of anybody."""
    if len(outcome.events) != 1:
        yield f"{len(outcome.events)} events: {outcome.events}"
    if outcome.events[0].actor != slack_id(role):
        yield f"the event names {outcome.events[0].actor}"
    kind, _, row = outcome.events[0].subject.partition(":")
    of_oneself = kind == "person" and row in (slack_id(role), str(clinic.people[role]))
    if not of_oneself and not re.search(rf"\b{row}\b", named) and kind != "provider":
        yield f"the event is about {outcome.events[0].subject}, and {named} was named"
    if outcome.changed:
        yield f"{sorted(outcome.changed)} changed"
    leaked = [secret for secret in clinic.secrets if secret.lower() in outcome.said.lower()]
    if leaked and role not in STAFF:
        yield f"{leaked} stands in the answer"
    if not outcome.said.strip('[] ,"') and role not in DOOR:
        yield "nobody was answered"
