"""Random people who do random things, with whatever is in front of them."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier, Lock

from slack_sandbox.person.actor import Actor
from slack_sandbox.person.client import Client
from soak.filling import fill_in

APPROVALS = "#privilege-requests"
OPENS, SAVES = 3.0, 3.0
"""Seconds of a person's patience with a form."""
COORDINATORS, APPROVERS, ADMIN = ("cora", "ben"), ("ruth", "ines", "mo", "vera"), "ada"
ASKED_IN_FORMS = frozenset({
    "Renewed", "Submitted, waiting", "I need help", "Verify", "Deny", "Withdraw", "Answer", "Reopen", "Report renewal",
    "Request privileges", "Details", "Open the form", "Continue", "Try again", "Back to the provider",
})  # fmt: skip
ANSWERS = ("Renewed", "Renewed", "Submitted, waiting", "Not yet", "I need help", "Withdraw", "Answer", "Reopen")
TASKS = (
    "Verify",
    "Verify",
    "Verify",
    "Back to the provider",
    "Still waiting",
    "Use the source's",
    "Ask the provider",
    "Done",
)
VOTES = ("Approve", "Approve", "Approve", "Deny", "Details")
TROUBLE = ("It arrived", "Send again", "Drop", "Start nudging", "Continue", "Try again", "Open the form")


class Person:
    """One of them; does one thing at a time, however much is asked of them at once."""

    def __init__(self, handle: str, me: Actor) -> None:
        self.handle, self.me = handle, me
        self.lock = Lock()

    def types(self, words: str) -> None:
        self.me.types(words, may_fail=True)

    def presses(self, labels: Sequence[str], rng: random.Random, today: date, in_: str = "dm") -> str | None:
        """One of these buttons, where it is there, and whatever form it opens."""
        there = [label for label in labels if label in set(self.me.buttons(in_=in_))]
        if not there:
            return None
        label = rng.choice(there)
        self.me.clicks(label, in_=in_, may_fail=True)
        if label in ASKED_IN_FORMS:
            self.fills_the_form(rng, today)
        return label

    def fills_the_form(self, rng: random.Random, today: date) -> None:
        if self.waits(lambda: self.me.modal is not None and self.me.modal.submit is not None, OPENS):
            fill_in(self.me, rng, today)
            self.me.submits(may_fail=True)
            self.waits(lambda: self.me.modal is None or self.me.modal.title != "Saving…", SAVES)
        while self.me.modal is not None:
            self.me.closes()

    def waits(self, true: Callable[[], bool], seconds: float) -> bool:
        patience = time.monotonic() + seconds
        while not true():
            if time.monotonic() > patience:
                return False
            time.sleep(0.02)
        return True


class Crowd:
    """Everybody in the workspace. ``recorded``: numbers that somebody read were recorded."""

    def __init__(self, slack: Client, handles: Sequence[str], providers: Sequence[str]) -> None:
        self._people = {handle: Person(handle, slack.as_(handle)) for handle in handles}
        self._providers = tuple(providers)
        self.did: Counter[str] = Counter()
        self.stumbled: Counter[str] = Counter()
        """What people could not do after all, because it had changed under their hands."""
        self.recorded: list[str] = []

    @property
    def handles(self) -> Sequence[str]:
        return tuple(self._people)

    def act(self, handle: str, seed: int, today: date) -> None:
        rng, person = random.Random(seed), self._people[handle]
        name = rng.choice(self._repertoire(handle))
        with person.lock:
            try:
                done = getattr(self, f"_{name}")(person, rng, today)
                self.did[done or f"nothing to {name}"] += 1
            except (AssertionError, KeyError, PermissionError, ValueError) as changed:
                self.stumbled[f"{name}: {type(changed).__name__}"] += 1

    def settle_trouble(self, seed: int, today: date) -> bool:
        """The admin presses whatever asks for it; whether there was anything."""
        with self._people[ADMIN].lock:
            return self._people[ADMIN].presses(("Send again",), random.Random(seed), today) is not None

    def _repertoire(self, handle: str) -> Sequence[str]:
        if handle in COORDINATORS:
            return ("add", "add", "verify_words", "tasks", "tasks", "tasks", "looks", "trouble")
        if handle in APPROVERS:
            return ("vote", "vote", "vote", "double_vote", "race", "looks")
        if handle == ADMIN:
            return ("trouble", "trouble", "looks", "add")
        return ("answer", "answer", "answer", "request", "double_answer", "says", "looks")

    def _add(self, person: Person, rng: random.Random, today: date) -> str:
        """A credential in one line, to a day and under a number that nobody else has."""
        number, expires = str(rng.randrange(10**5, 10**6)), today + timedelta(days=rng.randrange(300, 1200))
        state = rng.choice(("NJ", "CT", "PA", "MA", "VT", "NH", "ME", "OH", "MI", "VA"))
        person.types(f"/cred add @{rng.choice(self._providers)} license {state} {number} {expires}")
        to_the_day = f"expires {expires:%b %-d, %Y}"
        if person.waits(
            lambda: any("ecorded: " in said and to_the_day in said for said in person.me.messages("dm")), OPENS
        ):
            self.recorded.append(number)
        return "/cred add"

    def _verify_words(self, person: Person, rng: random.Random, today: date) -> str:
        person.types(f"/cred verify @{rng.choice(self._providers)}")
        person.fills_the_form(rng, today)
        return "/cred verify"

    def _tasks(self, person: Person, rng: random.Random, today: date) -> str | None:
        return person.presses(TASKS, rng, today)

    def _answer(self, person: Person, rng: random.Random, today: date) -> str | None:
        return person.presses(ANSWERS, rng, today)

    def _double_answer(self, person: Person, _: random.Random, __: date) -> str | None:
        return self._at_once("Not yet", "dm", person)

    def _vote(self, person: Person, rng: random.Random, today: date) -> str | None:
        return person.presses(VOTES, rng, today, in_=APPROVALS)

    def _double_vote(self, person: Person, _: random.Random, __: date) -> str | None:
        return self._at_once("Approve", APPROVALS, person)

    def _race(self, _: Person, __: random.Random, ___: date) -> str | None:
        return self._at_once("Approve", APPROVALS, *(self._people[who] for who in APPROVERS))

    def _request(self, person: Person, rng: random.Random, today: date) -> str:
        person.types("/cred request")
        person.fills_the_form(rng, today)
        return "/cred request"

    def _trouble(self, person: Person, rng: random.Random, today: date) -> str | None:
        return person.presses(TROUBLE, rng, today)

    def _says(self, person: Person, rng: random.Random, _: date) -> str:
        """A direct message: Slack delivers those again until they are acknowledged."""
        person.types(rng.choice(("status", "queue", "help", "expiring 30d")))
        return "a direct message"

    def _looks(self, person: Person, rng: random.Random, _: date) -> str:
        whom = rng.choice(self._providers)
        words = (
            "/cred status",
            f"/cred status @{whom}",
            "/cred queue",
            "/cred expiring 60d",
            f"/cred privileges @{whom}",
        )
        person.types(rng.choice(words))
        return "a look"

    @staticmethod
    def _at_once(label: str, place: str, *people: Person) -> str | None:
        """All of them press the newest such button in one instant; one person alone presses it twice."""
        if not all(label in person.me.buttons(in_=place) for person in people):
            return None
        clicks = [person.me.holds(label, in_=place) for person in people] * (2 if len(people) == 1 else 1)
        start = Barrier(len(clicks))

        def press(click: Callable[[], object]) -> None:
            start.wait(5)
            with suppress(AssertionError):  # Slack told them that it failed: they know
                click()

        with ThreadPoolExecutor(len(clicks)) as threads:
            list(threads.map(press, clicks))
        return f"{label}, {len(clicks)} at once"
