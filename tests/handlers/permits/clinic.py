"""One clinic for the whole matrix: everybody who may come, and six files that hold a row of every kind each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session, SQLModel

from bot.changes.privileges.requests import Requested, request_privileges
from bot.changes.privileges.votes import Voted, cast_vote
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.privileges.models import VoteChoice
from bot.rules.reminders.catalog import REMINDERS, DeadlineKind
from bot.store.engine import Database
from bot.store.people import accounts
from bot.store.privileges.requests import read_request
from bot.store.tables import (
    Absence,
    CredentialRow,
    CredentialTerm,
    Deadline,
    Nudge,
    OutboxMessage,
    PersonRow,
    ProviderRow,
    RenewalFilingRow,
    RoleAssignment,
    Task,
    VerificationRow,
)

TODAY = date(2026, 11, 23)
HIRED = date(2020, 1, 1)
FAR = date(2028, 6, 30)
SOON = date(2026, 12, 31)
RECORDED = datetime(2026, 1, 5, tzinfo=UTC)
HOME = "THOME"

ROLES: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "admin": (("admin", None),),
    "coordinator": (("coordinator", None),),
    "approver": (("approver", "department_chair"),),
    "approver of another body": (("approver", "credentials_committee"),),
    "supervisor": (("supervisor", None),),
    "another supervisor": (("supervisor", None),),
    "auditor": (("auditor", None),),
    "provider": (),
    "another provider": (),
    "member": (),
    "guest": (),
    "guest with old roles": (("coordinator", None), ("approver", None), ("auditor", None), ("supervisor", None)),
    "bot": (("coordinator", None),),
    "deactivated": (("coordinator", None),),
    "outsider": (("coordinator", None),),
    "voter": (("approver", None),),
}
"""Who may come, and what they were granted; the voter only returned and referred what waits for an answer."""
WITH_A_FILE = ("admin", "coordinator", "approver", "approver of another body", "provider", "another provider")
SUPERVISED = {"provider": "supervisor", "another provider": "another supervisor"}
HELD = ("license", "dea", "malpractice", "residency", "ect_training", "board_certification")
KINDS = ("expiry", "prepare", "lapsed", "recredentialing", "verify", "discrepancy", "issuer", "help")
TASKS = ("payer_terminations", "account_deactivated", "leave_over", "withdrawal_held")


@dataclass(frozen=True)
class Rows:
    """The ids of one file's rows, one of each kind; those of tasks and reminders are of their deadlines."""

    provider: int
    person: int
    credential: int
    term: int
    verification: int
    request: int
    step: int
    returned: int
    referred: int
    expiry: int
    prepare: int
    lapsed: int
    recredentialing: int
    verify: int
    discrepancy: int
    issuer: int
    help: int
    payer_terminations: int
    account_deactivated: int
    leave_over: int
    withdrawal_held: int
    absence: int
    left_form: int
    stuck: int
    mention: str
    """As ``/cred`` takes it."""


MISSING = Rows(**{field.name: 99_999 for field in fields(Rows) if field.name != "mention"}, mention="Nobody Atall")


GARBAGE = Rows(**{field.name: "R-77" for field in fields(Rows)})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Clinic:
    """The files by whose they are, the same of wrong kinds, and what nobody may read who is refused."""

    files: Mapping[str, Rows]
    people: Mapping[str, int]
    secrets: tuple[str, ...]

    def of_another_kind(self, handle: str) -> Rows:
        """That file's rows, each in a place where another kind is expected."""
        own = self.files[handle]
        deadlines = dict.fromkeys((*KINDS, *TASKS), own.recredentialing)
        return replace(
            own,
            provider=own.credential,
            person=own.term,
            credential=own.term,
            term=own.verification,
            verification=own.credential,
            request=own.expiry,
            step=own.expiry,
            returned=own.expiry,
            referred=own.expiry,
            absence=own.left_form,
            left_form=own.stuck,
            stuck=own.credential,
            mention=f"<@{slack_id('member')}>",
            **deadlines,
        )


def slack_id(handle: str) -> str:
    return "U" + handle.upper().replace(" ", "")


def open_clinic(db: Database, ctx: Context) -> Clinic:
    """Every name, number, address and typed word in it can be told apart, so that a leak names its source."""
    with db.writing() as session:
        people_ = {handle: _person(session, 100 + n, handle) for n, handle in enumerate(ROLES)}
        for n, handle in enumerate(WITH_A_FILE):
            _provider(session, 1_001 + n, handle, people_)
            _record(session, 2_001 + 100 * n, 1_001 + n, handle, people_[handle])
    requests = {handle: _requests(db, ctx, 1_001 + n, people_, handle) for n, handle in enumerate(WITH_A_FILE)}
    files = {
        handle: _rows(2_001 + 100 * n, 1_001 + n, people_[handle], handle, requests[handle])
        for n, handle in enumerate(WITH_A_FILE)
    }
    return Clinic(files, people_, tuple(_secrets()))


def _secrets() -> list[str]:
    planted = ("number", "receipt", "help", "reason", "reference", "left", "minutes")
    said = [_secret(what, handle) for handle in WITH_A_FILE for what in planted]
    return said + [_name(handle) for handle in WITH_A_FILE] + [f"{slack_id(handle)}@".lower() for handle in WITH_A_FILE]


def _secret(what: str, handle: str) -> str:
    return f"{what}-{slack_id(handle)}".upper()


def _name(handle: str) -> str:
    return f"Zed {handle.title()}"


def _person(session: Session, person_id: int, handle: str) -> int:
    _add(
        session,
        PersonRow(
            id=person_id,
            slack_user_id=slack_id(handle),
            email=f"{slack_id(handle).lower()}@clinic.example",
            name=_name(handle),
            guest=handle.startswith("guest"),
            refreshed_at=RECORDED,
            bot=handle == "bot",
            deactivated_at=RECORDED if handle == "deactivated" else None,
        ),
    )
    for role, body in ROLES[handle]:
        _add(session, RoleAssignment(person_id=person_id, role=role, body=body, valid_from=HIRED, recorded_at=RECORDED))
    return person_id


def _provider(session: Session, provider_id: int, handle: str, people_: Mapping[str, int]) -> None:
    supervisor = people_.get(SUPERVISED.get(handle, ""))
    _add(
        session,
        ProviderRow(
            id=provider_id,
            person_id=people_[handle],
            name=_name(handle),
            email=f"{slack_id(handle).lower()}@clinic.example",
            type="psychiatrist",
            supervisor_id=supervisor,
            hired_on=HIRED,
        ),
    )


def _record(session: Session, first: int, provider_id: int, handle: str, person_id: int) -> None:
    """Six credentials, all verified but the certificate; then a reminder and a task of every kind."""
    for n, kind in enumerate(HELD):
        _add(session, CredentialRow(id=first + n, provider_id=provider_id, type=kind, jurisdiction=_state(kind)))
        ends = None if kind in ("residency", "ect_training") else FAR
        number = _secret("number", handle)
        _add(session, _term(first + 20 + n, first + n, number, ends))
        _add(session, _look(first + 40 + n, first + 20 + n, handle))
    _add(session, _term(first + 26, first + 2, _secret("number", handle), FAR + timedelta(days=30)))
    filed = RenewalFilingRow(
        id=first, credential_id=first, term_id=first + 20, filed_on=TODAY, receipt=_secret("receipt", handle),
        valid_from=TODAY, recorded_at=RECORDED,
    )  # fmt: skip
    _add(session, filed)
    _reminders(session, first, provider_id, handle, person_id)
    away = Absence(
        id=first + 90, person_id=person_id, valid_from=SOON, valid_to=FAR, recorded_at=RECORDED, delegate_id=None
    )
    _add(session, away)
    form = {"type": "modal", "blocks": [], "private_metadata": _secret("left", handle)}
    _add(session, _message(first + 91, "left_form", f"person:{person_id}", facts={"form": form}, state="sent"))
    _add(session, _message(first + 92, "text", f"person:{person_id}", facts={"text": "x"}, state="failed"))


def _reminders(session: Session, first: int, provider_id: int, handle: str, person_id: int) -> None:
    about = {
        "expiry": {"subject_id": first, "credential_id": first, "assignee": "provider"},
        "prepare": {"subject_id": first, "credential_id": first, "assignee": "provider"},
        "lapsed": {"subject_id": first, "credential_id": first, "assignee": "owner"},
        "recredentialing": {"subject_id": provider_id, "assignee": "owner"},
        "verify": {"subject_id": first + 26, "credential_id": first + 2, "assignee": "owner"},
        "discrepancy": {"subject_id": first + 42, "credential_id": first + 2, "assignee": "owner"},
        "issuer": {"subject_id": first, "credential_id": first, "assignee": "owner"},
    }
    for n, kind in enumerate(KINDS[:-1]):
        _add(session, _deadline(first + 60 + n, kind, provider_id, **about[kind]))
    said = {"answer": "help", "by": handle, "at": RECORDED.isoformat(), "text": _secret("help", handle)}
    nudge = Nudge(
        id=first, deadline_id=first + 60, due_on=SOON, rung="help:1", recipient=f"person:{person_id}", at=RECORDED,
        answer=said,
    )  # fmt: skip
    _add(session, nudge)
    _add(session, _deadline(first + 67, "help", provider_id, assignee="owner", subject_id=first, credential_id=first))
    for n, kind in enumerate(TASKS):
        days = dict.fromkeys(("ended_on", "back_on", "deactivated_on"), "2026-12-01")
        facts = {**days, "numbers": [1001]}
        task = Task(
            id=first + n, provider_id=provider_id, kind=kind, key=f"{kind}:{first}", facts=facts, opened_at=RECORDED
        )
        _add(session, task)
        assignee = "medical_director" if kind == "withdrawal_held" else "owner"
        _add(session, _deadline(first + 70 + n, "task", provider_id, assignee=assignee, subject_id=first + n))


def _requests(
    db: Database, ctx: Context, provider_id: int, people_: Mapping[str, int], handle: str
) -> Mapping[str, tuple[int, int]]:
    """One request waits for the chair, one was returned and one referred, each with a typed reason."""
    who, voter = _known(db, people_[handle]), _known(db, people_["voter"])
    wanted = {"request": "psychiatry_core", "returned": "psychotherapy_core", "referred": "ect"}
    found = {}
    for name, privilege in wanted.items():
        with db.writing() as session:
            asked = request_privileges(session, ctx, who, provider_id, [privilege], reason=_secret("reason", handle))
            assert isinstance(asked, list), asked
            found[name] = _answered(session, ctx, asked[0], voter, name, handle)
    return found


def _answered(
    session: Session, ctx: Context, asked: Requested, voter: Person, name: str, handle: str
) -> tuple[int, int]:
    step = read_request(session, asked.request_id, ctx.policies, ctx.today).steps[-1].id
    choice = {"returned": VoteChoice.RETURN, "referred": VoteChoice.REFER}.get(name)
    if choice:
        voted = cast_vote(session, ctx, voter, step, choice, reason=_secret("minutes", handle))
        assert isinstance(voted, Voted), voted
    return asked.request_id, step


def _rows(first: int, provider_id: int, person_id: int, handle: str, requests: Mapping[str, tuple[int, int]]) -> Rows:
    reminders = {kind: first + 60 + n for n, kind in enumerate(KINDS)}
    tasks = {kind: first + 70 + n for n, kind in enumerate(TASKS)}
    return Rows(
        provider=provider_id,
        person=person_id,
        credential=first + 2,
        term=first + 26,
        verification=first + 42,
        request=requests["request"][0],
        step=requests["request"][1],
        returned=requests["returned"][0],
        referred=requests["referred"][0],
        absence=first + 90,
        left_form=first + 91,
        stuck=first + 92,
        mention=f"<@{slack_id(handle)}>",
        **reminders,
        **tasks,
    )


def _known(db: Database, person_id: int) -> Person:
    with db.reading() as session:
        found = accounts.person(session, person_id, on=TODAY)
    assert found is not None
    return found


def _state(kind: str) -> str:
    return "NY" if kind in ("license", "dea") else ""


def _term(term_id: int, credential_id: int, number: str, ends: date | None) -> CredentialTerm:
    return CredentialTerm(
        id=term_id, credential_id=credential_id, number=number, valid_from=HIRED, valid_to=ends, recorded_at=RECORDED
    )


def _look(look_id: int, term_id: int, handle: str) -> VerificationRow:
    return VerificationRow(
        id=look_id, term_id=term_id, source="the board's website", method="website", verified_on=TODAY,
        result="verified", standing="active", reference=_secret("reference", handle), valid_from=TODAY,
        recorded_at=RECORDED,
    )  # fmt: skip


def _deadline(deadline_id: int, kind: str, provider_id: int, **about: object) -> Deadline:
    return Deadline(
        id=deadline_id,
        kind=kind,
        subject_type=REMINDERS[DeadlineKind(kind)].subject,
        provider_id=provider_id,
        due_on=SOON,
        opened_on=TODAY,
        next_at=RECORDED,
        ladder=(-90, -30),
        **about,
    )


def _message(message_id: int, kind: str, channel: str, *, facts: dict[str, object], state: str) -> OutboxMessage:
    return OutboxMessage(
        id=message_id, kind=kind, subject=0, facts=facts, channel=channel, key=f"{kind}:{message_id}", state=state,
        created_at=RECORDED,
    )  # fmt: skip


def _add(session: Session, row: SQLModel) -> None:
    session.add(row)
    session.flush()
