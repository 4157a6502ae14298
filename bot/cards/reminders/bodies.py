"""What each kind of reminder says: the lines under whose and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.credentialing import cycle_line
from bot.cards.names import privilege_name, request_name, task_credential
from bot.cards.words import Words
from bot.rules.credentialing import cycle_of
from bot.rules.credentials.models import same_number
from bot.rules.policy import Policies
from bot.rules.reminders.models import ReminderAnswer, TaskView


@dataclass(frozen=True, slots=True)
class Scene:
    """Where tasks are shown. ``public``: a channel, where numbers and typed words stay away."""

    on: date
    policies: Policies
    words: Words
    public: bool = False


ANSWERS_THAT_END: tuple[ReminderAnswer, ...] = (
    "renewed",
    "submitted",
    "verified",
    "differs",
    "checked",
    "sent_back",
    "still_waiting",
    "done",
    "source",
    "ask",
    "ready",
    "confirmed",
)
"""After these a task shows no buttons. "Not yet" and "help" leave it open: it can still be done on the same card."""


def is_done(task: TaskView) -> bool:
    """Whether its reader has nothing more to do about it."""
    return task.closed or task.now_with is not None or task.answer in ANSWERS_THAT_END


def expiry(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    words, risk = scene.words, at_risk(task, scene)
    policy = scene.policies.credentials.get(task.credential_type or "")
    attests = policy is not None and policy.expiry_label != "Expires on"
    lines = [words.line("attestation_due" if attests else "expiry_due", due_on=task.due_on, on=scene.on)]
    if is_done(task):
        return lines
    if task.opens_on:
        lines.append(words.line("renewal_opens", opens_on=task.opens_on))
    elif task.act_by and scene.on <= task.act_by < task.due_on:
        days = (task.due_on - task.act_by).days
        lines.append(words.line("file_by", act_by=task.act_by, days=days))
    if task.unreachable:
        lines += _to_copy(task, scene, "letter_attestation" if attests else "letter", opens_on=task.opens_on)
    if risk and scene.on <= task.due_on:
        lines.append(words.line("privileges_at_risk", privileges=risk))
    return lines


def _to_copy(task: TaskView, scene: Scene, piece: str, **facts: object) -> list[Mrkdwn]:
    """Why the owner reads this, and the reminder as a letter to the provider."""
    words, called = scene.words, first_name(task.provider.name)
    credential = task_credential(scene.policies, task)
    about = {"first_name": called, "credential": credential, "due_on": task.due_on, "on": scene.on}
    letter = words.plain(piece, **about, **facts)
    return [
        words.line("provider_unreachable", first_name=called),
        words.line("letter_to_copy", email=task.provider.email),
        quoted(letter, words),
    ]


def prepare(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    policy = scene.policies.credentials.get(task.credential_type or "")
    needed = policy.prepare if policy else None
    line = scene.words.line("prepare_due", due_on=task.due_on, on=scene.on, needed=needed)
    if is_done(task) or not task.unreachable:
        return [line]
    return [line, *_to_copy(task, scene, "letter_prepare", needed=needed)]


def verify(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    term = task.term
    number = term.number if term and not scene.public else None
    expires_on = term.expires_on if term else None
    if task.anew:
        return [scene.words.line("verify_again_due", expires_on=expires_on, due_on=task.due_on, on=scene.on)]
    return [scene.words.line("verify_due", number=number, expires_on=expires_on, due_on=task.due_on, on=scene.on)]


def issuer(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    receipt = None if scene.public else task.receipt
    return [scene.words.line("issuer_check", filed_on=task.filed_on, receipt=receipt)]


def filing_to_confirm(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    receipt, piece = None if scene.public else task.receipt, "filing_to_confirm"
    if is_done(task):
        confirmed = task.answer == "confirmed"
        return [scene.words.line("issuer_check", filed_on=task.filed_on, receipt=receipt, confirmed=confirmed)]
    return [scene.words.line(piece, filed_on=task.filed_on, receipt=receipt, expires_on=task.due_on, on=scene.on)]


def filing_review(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    return [
        scene.words.line(
            "filing_review",
            filed_on=task.filed_on,
            expires_on=task.term.expires_on if task.term else None,
            confirmed_on=task.confirmed_on,
            confirmed_by=task.confirmed_by,
            due_on=task.due_on,
            on=scene.on,
        )
    ]


def filed(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    """Whether what was filed has come; whoever cannot be reached in Slack is asked by the owner."""
    lines = [scene.words.line("filed_due", own=task.own, filed_on=task.filed_on, due_on=task.due_on, on=scene.on)]
    if task.unreachable and not is_done(task):
        lines.append(scene.words.line("provider_unreachable", first_name=first_name(task.provider.name)))
    return lines


def discrepancy(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    return [scene.words.line("discrepancy_open"), *differences(task, scene)]


def not_active(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    """That there is something, and whom to ask: what the source showed is not said, be it grave or not."""
    look = task.verification
    by, verified_on = (look.verifier, look.verified_on) if look else (None, None)
    return [scene.words.line("not_active_open", by=by, verified_on=verified_on, due_on=task.due_on)]


def step(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    return [scene.words.line("vote_due", due_on=task.due_on, on=scene.on)]


def differences(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    """What was typed beside what the source shows; nothing in a channel."""
    look, term = task.verification, task.term
    if scene.public or look is None or term is None:
        return []
    lines = []
    if look.number_shown and not same_number(look.number_shown, term.number):
        lines.append(scene.words.line("number_differs", typed=term.number, shown=look.number_shown))
    if look.expires_shown and look.expires_shown != term.expires_on:
        lines.append(scene.words.line("expiry_differs", typed=term.expires_on, shown=look.expires_shown))
    return lines


def lapse(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    piece = "credential_lapsed" if task.kind == "lapsed" else "lapse_warning"
    privileges = [] if task.dates_only else at_risk(task, scene)
    known = {"due_on": task.due_on, "on": scene.on, "privileges": privileges, "to_confirm": task.to_confirm}
    known["done"] = is_done(task)
    return [scene.words.line(piece, **known)]


def recredentialing(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    policy = scene.policies.recredentialing
    cycle = cycle_of(task.provider.last_decision_on, policy)
    if cycle is None or is_done(task):
        return []
    return [cycle_line(cycle, policy, scene.on, scene.words)]


def asked_for_help(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    name = task.provider.name
    if scene.public:
        return [scene.words.line("help_pointer", name=name)]
    return [scene.words.line("help_asked", name=name), quoted(task.help_text, scene.words)]


def to_do(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    """In a channel only that something waits: why somebody left or is away is nobody's business there."""
    piece = "task_pointer" if scene.public else f"task_{task.task_kind}"
    facts = {name: _as_said(name, value) for name, value in task.task_facts.items()}
    line = scene.words.line(piece, name=task.provider.name, due_on=task.due_on, on=scene.on, **facts)
    vacant = task.vacant and not is_done(task)
    return [line, scene.words.line("task_nobody_decides")] if vacant else [line]


def _as_said(name: str, value: object) -> object:
    """A task's facts are JSON: those called ``…_on`` are days, ``numbers`` are requests."""
    if name.endswith("_on") and isinstance(value, str):
        return date.fromisoformat(value)
    return [request_name(number) for number in value] if name == "numbers" and isinstance(value, list) else value


def at_risk(task: TaskView, scene: Scene) -> list[str]:
    return [privilege_name(scene.policies, key) for key in task.privileges_at_risk]


def quoted(text: str | None, words: Words) -> Mrkdwn:
    """Typed text as a quotation, line by line; empty where nothing was typed."""
    return words.line("quoted", lines=text.splitlines()) if text and text.strip() else Mrkdwn("")


def first_name(name: str) -> str:
    """What to call somebody in a message to them."""
    return next(iter(name.split()), name)
