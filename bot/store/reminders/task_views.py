"""Deadlines as their readers see them, in a message or a queue: built for many in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session

from bot.rules.context import Context
from bot.rules.credentials.identity import Identity, identity_of
from bot.rules.credentials.models import JudgedCredential, ProviderFile, RenewalFiling, Standing, Term
from bot.rules.credentials.standing import judge_file, status_of
from bot.rules.people.models import Person, Responsible
from bot.rules.permissions import MEDICAL_DIRECTOR, Permission, is_medical_director, is_own, may
from bot.rules.providers.models import EmploymentStatus
from bot.rules.reminders.catalog import PROVIDER, DeadlineKind, SubjectType, kinds_where
from bot.rules.reminders.deadlines import resting_on
from bot.rules.reminders.ladder import not_yet_offered
from bot.rules.reminders.models import TaskView
from bot.store.bulk import among, table
from bot.store.credentials.files import read_files
from bot.store.engine import Unavailable
from bot.store.people import accounts
from bot.store.privileges.grants import Grant, read_grants
from bot.store.reminders.answers import OPEN_ENDED
from bot.store.tables import CredentialRow, CredentialTerm, Deadline, Nudge, RenewalFilingRow, Task, VerificationRow
from bot.store.tables.reminders import is_about

DEADLINE, NUDGE, CREDENTIAL = table(Deadline), table(Nudge), table(CredentialRow)
TERM, FILING, LOOK = table(CredentialTerm), table(RenewalFilingRow), table(VerificationRow)
TASK = table(Task)
OF_THE_EXPIRY = kinds_where(lambda reminder: reminder.of_the_expiry)
OF_FILINGS = frozenset({
    DeadlineKind.EXPIRY,
    DeadlineKind.LAPSED,
    DeadlineKind.FILED,
    DeadlineKind.CONFIRM_FILING,
    DeadlineKind.FILING_REVIEW,
})  # fmt: skip
OF_A_VERIFICATION = kinds_where(lambda reminder: reminder.subject is SubjectType.VERIFICATION)


@dataclass(frozen=True, slots=True)
class ShownDeadline:
    """A deadline to be shown: for which due date, and what was pressed about it there."""

    deadline_id: int
    provider_id: int
    due_on: date
    pressed: Mapping[str, Any]
    asked: tuple[str, ...] | None = None
    """Told beside the owner: the names of those who were asked before; None: it is the reader's own turn."""


@dataclass(frozen=True, slots=True)
class FileAtRisk:
    """A provider's file with what rests on it; the mappings are by credential id."""

    file: ProviderFile
    credentials: Mapping[int, JudgedCredential]
    at_risk: Mapping[int, tuple[str, ...]]


def read_tasks(session: Session, shown: Sequence[ShownDeadline], reader: Person | None, ctx: Context) -> list[TaskView]:
    """The tasks in the order given. ``reader`` None: a channel."""
    if not shown:
        return []
    provider_ids = {one.provider_id for one in shown}
    about = subjects(session, {one.deadline_id for one in shown})
    grants: dict[int, list[Grant]] = defaultdict(list)
    for grant in read_grants(session, provider_ids):
        grants[grant.provider_id].append(grant)
    files = read_files(session, provider_ids, ctx.today)
    whose = _responsible(session, files, reader, ctx)
    known = {key: _known(file, grants[key], ctx) for key, file in files.items()}
    directors = _directors(session, about.values(), ctx)
    tasks = [(one, _task(one, about[one.deadline_id], known[one.provider_id], reader, ctx)) for one in shown]
    return [
        _of_the_director(task, reader, directors)
        if about[one.deadline_id].assignee == MEDICAL_DIRECTOR
        else _told(task, reader, whose.get(one.provider_id), one.asked)
        for one, task in tasks
    ]


def readable_tasks(
    session: Session,
    shown: Sequence[ShownDeadline],
    reader: Person | None,
    ctx: Context,
    broken: list[Exception] | None,
) -> list[TaskView]:
    """As ``read_tasks``; where that fails, one by one: ``broken`` takes an error for each that cannot be read."""
    try:
        return read_tasks(session, shown, reader, ctx)
    except Unavailable:
        raise
    except Exception as error:
        if broken is None:
            raise
        if len(shown) == 1:
            broken.append(error)
            return []
    return [task for one in shown for task in readable_tasks(session, [one], reader, ctx, broken)]


def _directors(session: Session, about: Iterable[Any], ctx: Context) -> Sequence[Person]:
    """Asked for only where a task is theirs."""
    theirs = any(one.assignee == MEDICAL_DIRECTOR for one in about)
    return accounts.medical_directors(session, on=ctx.today, admins=ctx.admins) if theirs else ()


def _of_the_director(task: TaskView, reader: Person | None, directors: Sequence[Person]) -> TaskView:
    """Whoever else reads it cannot do it: somebody holds the role by now, or nobody does."""
    if reader is None or (is_medical_director(reader) and not is_own(reader, task.provider)):
        return task
    other = accounts.director_for(task.provider.id, directors)
    return replace(task, now_with=other.name) if other else replace(task, vacant=True)


def _responsible(
    session: Session, files: Mapping[int, ProviderFile], reader: Person | None, ctx: Context
) -> Mapping[int, Responsible]:
    """Who answers for the files that are not the reader's own."""
    others = {key for key, file in files.items() if reader and file.provider.person_id != reader.id}
    return accounts.responsible_for(session, others, on=ctx.today, admins=ctx.admins) if others else {}


def _told(task: TaskView, reader: Person | None, whose: Responsible | None, asked: tuple[str, ...] | None) -> TaskView:
    """With whom the owner's task is now: the reader's, the reader's for somebody away, or somebody else's."""
    if reader is None or whose is None or whose.owner is None or whose.acting is None:
        return task
    task = replace(task, dates_only=may(reader, Permission.SEE_FILE, task.provider) is not None)
    if asked is not None:
        reads_only = may(reader, Permission.UPDATE, task.provider) is not None
        return replace(task, beside=whose.owner.name, asked_before=asked, reads_only=reads_only)
    if whose.owner.id == reader.id:
        return task
    if whose.acting.id == reader.id:
        return replace(task, instead_of=whose.owner.name, away_until=whose.away_until)
    return replace(task, now_with=whose.acting.name)


def _known(file: ProviderFile, grants: Sequence[Grant], ctx: Context) -> FileAtRisk:
    judged = judge_file(file, ctx.policies)
    return FileAtRisk(file, {one.credential.id: one for one in judged}, _at_risk(file, grants, ctx))


def subjects(session: Session, deadline_ids: Collection[int]) -> dict[int, Any]:
    """By deadline: what it is about, whichever subject it has, and although that is superseded."""
    names = ("kind", "assignee", "due_on", "closed_at", "snoozed_until")
    query = (
        select(
            DEADLINE.c.id,
            *(DEADLINE.c[name] for name in names),
            CREDENTIAL.c.id.label("credential_id"),
            CREDENTIAL.c.type,
            CREDENTIAL.c.jurisdiction,
            CREDENTIAL.c.kind.label("kind_held"),
            CREDENTIAL.c.label,
            TERM.c.id.label("term_id"),
            TERM.c.number,
            TERM.c.issued_on,
            TERM.c.valid_to,
            TERM.c.recorded_at,
            FILING.c.filed_on,
            FILING.c.receipt,
            NUDGE.c.answer.label("call"),
            TASK.c.kind.label("task_kind"),
            TASK.c.facts.label("task_facts"),
            TASK.c.answer.label("task_answer"),
        )
        .outerjoin(TASK, is_about(SubjectType.TASK, TASK.c.id))
        .outerjoin(FILING, is_about(SubjectType.FILING, FILING.c.id))
        .outerjoin(LOOK, is_about(SubjectType.VERIFICATION, LOOK.c.id))
        .outerjoin(NUDGE, is_about(SubjectType.NUDGE, NUDGE.c.id))
        .outerjoin(
            TERM,
            or_(is_about(SubjectType.TERM, TERM.c.id), TERM.c.id == func.coalesce(FILING.c.term_id, LOOK.c.term_id)),
        )
        .outerjoin(CREDENTIAL, CREDENTIAL.c.id == DEADLINE.c.credential_id)
        .where(among(session, DEADLINE.c.id, deadline_ids))
    )
    return {row.id: row for row in session.connection().execute(query)}


def credential_of(about: Any) -> Identity | None:
    """What a row of ``subjects`` is about, where that is a credential; its kind is not the deadline's."""
    return identity_of(about.type, about.jurisdiction, about.kind_held, about.label) if about.type else None


def _task(one: ShownDeadline, about: Any, known: FileAtRisk, reader: Person | None, ctx: Context) -> TaskView:
    kind, provider = DeadlineKind(about.kind), known.file.provider
    current = about.closed_at is None and about.due_on == one.due_on
    own = about.assignee == PROVIDER and reader is not None and reader.id == provider.person_id
    term, filing = _term(one, about, known), _filing(about, known)
    judged = known.credentials.get(about.credential_id)
    policy = ctx.policies.credentials.get(about.type or "")
    opens_on = one.due_on + timedelta(days=policy.opens) if policy and policy.opens is not None else None
    call = about.call or {}
    pressed = {"answer": "done", "by": call["done_by"]} if "done_by" in call else about.task_answer or one.pressed
    if not current and pressed.get("answer") in OPEN_ENDED:
        pressed = _without_anybody(kind, one, known, about) or pressed
    return TaskView(
        deadline_id=one.deadline_id,
        kind=kind.value,
        provider=provider,
        credential=credential_of(about),
        due_on=one.due_on,
        own=own,
        term=term,
        verification=term.verification if term and kind in OF_A_VERIFICATION else None,
        filed_on=filing.filed_on if filing else about.filed_on,
        receipt=filing.receipt if filing else about.receipt,
        confirmed_by=filing.confirmed_by if filing else None,
        confirmed_on=filing.confirmed_on if filing else None,
        awaits_issuer=_awaits_issuer(judged),
        to_confirm=judged is not None and judged.awaits_confirmation,
        credential_id=about.credential_id,
        closed=not current,
        answer=pressed.get("answer"),
        answered_by=pressed.get("by"),
        snoozed_until=date.fromisoformat(pressed["until"]) if "until" in pressed else None,
        may_snooze=current and kind is DeadlineKind.EXPIRY and not_yet_offered(ctx.today, one.due_on),
        opens_on=opens_on if opens_on and opens_on > ctx.today else None,
        act_by=one.due_on - timedelta(days=policy.processing_days) if policy and policy.processing_days else None,
        privileges_at_risk=known.at_risk.get(about.credential_id, ()) if kind in OF_THE_EXPIRY else (),
        help_text=call.get("text"),
        unreachable=about.assignee == PROVIDER and reader is not None and not own,
        contact_on=date.fromisoformat(pressed["on"]) if pressed.get("answer") == "contact" else None,
        contact_how=pressed.get("how"),
        anew=kind is DeadlineKind.VERIFY and current and _was_verified(known.file, about.term_id),
        task_kind=about.task_kind,
        task_facts=about.task_facts or {},
    )


def _without_anybody(kind: DeadlineKind, one: ShownDeadline, known: FileAtRisk, about: Any) -> Mapping[str, Any]:
    """What ended it where nobody pressed anything: the provider went, or what was warned of happened."""
    status = status_of(known.file).status
    if status is EmploymentStatus.ENDED:
        return {"answer": "over"}
    if status is EmploymentStatus.LEAVE and about.assignee == PROVIDER and kind in OF_THE_EXPIRY:
        return {"answer": "paused"}
    return {"answer": "lapsed"} if _came_true(kind, one, known.credentials.get(about.credential_id)) else {}


def _was_verified(file: ProviderFile, term_id: int | None) -> bool:
    """Whether the file holds a good look at the term, be it too old to count."""
    return any(term.verified for held in file.credentials for term in held.terms if term.id == term_id)


def _came_true(kind: DeadlineKind, one: ShownDeadline, judged: JudgedCredential | None) -> bool:
    """Whether a warning ended because what it warned of happened, and nothing has mended it."""
    expired = judged is not None and judged.standing is Standing.EXPIRED and judged.term.expires_on == one.due_on
    return expired and kind is DeadlineKind.LAPSE_WARNING


def _term(one: ShownDeadline, about: Any, known: FileAtRisk) -> Term | None:
    """The term that expires then, or the one to be verified, as it was stated even where it is superseded."""
    judged = known.credentials.get(about.credential_id)
    terms = judged.credential.terms if judged else ()
    if about.kind in OF_THE_EXPIRY:
        return next((term for term in terms if term.expires_on == one.due_on), judged.term if judged else None)
    if about.term_id is None:
        return None
    stated = Term(about.term_id, about.number, about.issued_on, about.valid_to, about.recorded_at, "")
    return next((term for term in terms if term.id == about.term_id), stated)


def _filing(about: Any, known: FileAtRisk) -> RenewalFiling | None:
    """What the provider filed, where that answered the task or is what it is about."""
    judged = known.credentials.get(about.credential_id)
    return judged.credential.filing if judged and about.kind in OF_FILINGS else None


def _awaits_issuer(judged: JudgedCredential | None) -> bool:
    return judged is not None and Standing.SUBMITTED in (judged.standing, judged.beside)


def _at_risk(file: ProviderFile, grants: Sequence[Grant], ctx: Context) -> dict[int, tuple[str, ...]]:
    """By credential: the privileges that lapse with it, or have."""
    known = [g for g in grants if g.runs(ctx.today) and g.privilege in ctx.policies.privileges]
    resting = resting_on(file, ctx.policies, [g.privilege for g in known if g.view.active(ctx.today)])
    return {c.id: (*resting.get(c.id, ()), *_inactive_because_of(c.type, known)) for c in file.credentials}


def _inactive_because_of(credential_type: str, grants: Sequence[Grant]) -> Iterator[str]:
    """Where something adverse is the cause, no renewal mends it, and nothing is said of it."""
    inactive = (g for g in grants if not g.view.why_withheld)
    return (g.privilege for g in inactive if credential_type in g.view.inactive_because)
