"""One task of somebody's day: what it says and which buttons stand under it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from slackblocks import Block

from bot.cards.actions import Action
from bot.cards.block_kit.blocks import Style, button, buttons, context, section
from bot.cards.block_kit.markup import Mrkdwn, stacked
from bot.cards.credentialing import cycle_line
from bot.cards.names import credential_name, privilege_name, request_name
from bot.cards.words import Words
from bot.rules.credentialing import cycle_of
from bot.rules.policy import Policies
from bot.rules.reminders.models import Answer, TaskView

ANSWERS_THAT_END: tuple[Answer, ...] = (
    "renewed",
    "submitted",
    "verified",
    "differs",
    "sent_back",
    "still_waiting",
    "done",
    "source",
    "ask",
    "ready",
)
"""After these a task shows no buttons. "Not yet" and "help" leave it open: it can still be done on the same card."""

_OWNERS_BUTTONS = {
    "verify": (Action.VERIFY, Action.SEND_BACK),
    "issuer": (Action.VERIFY, Action.SEND_BACK, Action.STILL_WAITING),
    "discrepancy": (Action.USE_SOURCE, Action.ASK_PROVIDER),
    "lapsed": (Action.RENEWED, Action.SUBMITTED),
    "lapse_warning": (Action.SHOW_STATUS,),
    "help": (Action.HELP_DONE,),
    "task": (Action.TASK_DONE,),
    "recredentialing": (Action.RECORD_DECISION,),
}
_TASKS_BUTTONS = {
    "account_deactivated": (Action.LEFT_US, Action.STILL_HERE, Action.ON_LEAVE),
    "leave_over": (Action.IS_BACK, Action.STILL_ON_LEAVE),
    "withdrawal_held": (Action.WITHDRAW_HELD, Action.TASK_DONE),
}
"""By what is to be done; all others have **Done**."""


OF_PROVIDER = (Action.SHOW_STATUS, Action.RECORD_DECISION)
"""Buttons about a whole file; the others are about the deadline."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where tasks are shown. ``public``: a channel, where numbers and typed words stay away."""

    on: date
    policies: Policies
    words: Words
    public: bool = False


def task_blocks(task: TaskView, scene: Scene) -> list[Block]:
    """The task and, while it is open, its own row of buttons."""
    about = _heard(task, scene)
    row = [
        button(scene.words, action, _value(action, task), _style(action), about=about, sure=_sure(action, task, scene))
        for action in actions_of(task)
    ]
    return [section(task_text(task, scene)), *buttons(row)]


def sayable(tasks: Iterable[TaskView], scene: Scene, broken: list[Exception] | None) -> Iterator[list[Block]]:
    """The blocks of each task that can be shown. ``broken`` takes why one cannot; None: it is raised."""
    for task in tasks:
        try:
            yield task_blocks(task, scene)
        except Exception as error:  # whatever breaks in one task must not hold the others back
            if broken is None:
                raise
            broken.append(error)


def unsaid(n: int, words: Words) -> list[Block]:
    """How many are missing for that reason; nothing where none is."""
    return [context(words.line("unsaid", n=n))] if n else []


def task_text(task: TaskView, scene: Scene) -> Mrkdwn:
    """What is due and, once it was answered, who did what."""
    seen = replace(scene, public=scene.public or task.dates_only)
    return stacked(_subject(task, seen), _instead(task, seen), *_body(task, seen), _answer(task, seen))


def is_done(task: TaskView) -> bool:
    """Whether its reader has nothing more to do about it."""
    return task.closed or task.now_with is not None or task.answer in ANSWERS_THAT_END


def actions_of(task: TaskView) -> tuple[Action, ...]:
    """The buttons of DESIGN's "Nudges, exactly", less those that would be refused."""
    if is_done(task) or task.dates_only or task.vacant:
        return ()
    if task.kind == "prepare":
        return tuple(_prepare_actions(task))
    if task.kind == "expiry":
        return tuple(_expiry_actions(task))
    if task.anew:
        return (Action.VERIFY,)
    return _TASKS_BUTTONS.get(task.task_kind or "", _OWNERS_BUTTONS.get(task.kind, ()))


def _prepare_actions(task: TaskView) -> Iterator[Action]:
    yield Action.READY
    if task.answer != "not_ready":
        yield Action.NOT_READY
    if task.unreachable and task.answer != "contact":
        yield Action.CONTACT_MADE


def _expiry_actions(task: TaskView) -> Iterator[Action]:
    if task.opens_on is None:
        yield Action.RENEWED
        yield Action.SUBMITTED
    if task.may_snooze and task.answer != "not_yet":
        yield Action.NOT_YET
    if task.own and task.answer != "help":
        yield Action.HELP
    if task.unreachable and task.answer != "contact":
        yield Action.CONTACT_MADE


def _value(action: Action, task: TaskView) -> int:
    return task.provider.id if action in OF_PROVIDER else task.deadline_id


def _heard(task: TaskView, scene: Scene) -> str:
    """What tells a task's buttons from the same ones of another, for who hears them."""
    named = task.credential_type and credential_name(scene.policies, task.credential_type, task.jurisdiction)
    return ", ".join(part for part in (named, "" if task.own else task.provider.name) if part)


def _sure(action: Action, task: TaskView, scene: Scene) -> str:
    """What cannot be taken back of it; empty for what can."""
    if action is Action.WITHDRAW_HELD:
        return scene.words.plain("sure_withdraw_held")
    if action is not Action.SEND_BACK:
        return ""
    credential = credential_name(scene.policies, task.credential_type or "", task.jurisdiction)
    return scene.words.plain("sure_send_back", name=task.provider.name, credential=credential)


def _style(action: Action) -> Style | None:
    return "primary" if action in (Action.RENEWED, Action.VERIFY) else None


def _subject(task: TaskView, scene: Scene) -> Mrkdwn:
    words, name = scene.words, task.provider.name
    if task.kind == "step":
        return words.line(
            "about_request",
            number=request_name(task.request_number or 0),
            name=name,
            privilege=privilege_name(scene.policies, task.privilege or ""),
        )
    if task.kind == "task":
        return words.line("about_person", name=name)
    credential = credential_name(scene.policies, task.credential_type or task.kind, task.jurisdiction)
    return words.line("about_own" if task.own else "about_someones", name=name, credential=credential)


def _instead(task: TaskView, scene: Scene) -> Mrkdwn:
    if task.beside and not is_done(task):
        warned = task.kind == "lapse_warning"
        return scene.words.line(
            "for_information" if warned else "asked_before", owner=task.beside, asked=task.asked_before
        )
    if task.instead_of is None:
        return Mrkdwn("")
    return scene.words.line("instead_of", name=task.instead_of, until=task.away_until)


def _body(task: TaskView, scene: Scene) -> Sequence[Mrkdwn]:
    return _BODIES[task.kind](task, scene)


def _expiry(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    words, risk = scene.words, _at_risk(task, scene)
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
    credential = credential_name(scene.policies, task.credential_type or "", task.jurisdiction)
    about = {"first_name": called, "credential": credential, "due_on": task.due_on, "on": scene.on}
    letter = words.plain(piece, **about, **facts)
    return [
        words.line("provider_unreachable", first_name=called),
        words.line("letter_to_copy", email=task.provider.email),
        quoted(letter, words),
    ]


def _prepare(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    policy = scene.policies.credentials.get(task.credential_type or "")
    needed = policy.prepare if policy else None
    line = scene.words.line("prepare_due", due_on=task.due_on, on=scene.on, needed=needed)
    if is_done(task) or not task.unreachable:
        return [line]
    return [line, *_to_copy(task, scene, "letter_prepare", needed=needed)]


def _verify(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    term = task.term
    number = term.number if term and not scene.public else None
    expires_on = term.expires_on if term else None
    if task.anew:
        return [scene.words.line("verify_again_due", expires_on=expires_on, due_on=task.due_on, on=scene.on)]
    return [scene.words.line("verify_due", number=number, expires_on=expires_on, due_on=task.due_on, on=scene.on)]


def _issuer(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    receipt = None if scene.public else task.receipt
    return [scene.words.line("issuer_check", filed_on=task.filed_on, receipt=receipt)]


def _discrepancy(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    return [scene.words.line("discrepancy_open"), *differences(task, scene)]


def _step(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    return [scene.words.line("vote_due", due_on=task.due_on, on=scene.on)]


def differences(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    """What was typed beside what the source shows; nothing in a channel."""
    look, term = task.verification, task.term
    if scene.public or look is None or term is None:
        return []
    lines = []
    if look.number_shown and look.number_shown != term.number:
        lines.append(scene.words.line("number_differs", typed=term.number, shown=look.number_shown))
    if look.expires_shown and look.expires_shown != term.expires_on:
        lines.append(scene.words.line("expiry_differs", typed=term.expires_on, shown=look.expires_shown))
    return lines


def _lapse(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    piece = "credential_lapsed" if task.kind == "lapsed" else "lapse_warning"
    privileges = [] if task.dates_only else _at_risk(task, scene)
    return [scene.words.line(piece, due_on=task.due_on, on=scene.on, privileges=privileges)]


def _recredentialing(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    policy = scene.policies.recredentialing
    cycle = cycle_of(task.provider.last_decision_on, policy)
    if cycle is None or is_done(task):
        return []
    return [cycle_line(cycle, policy, scene.on, scene.words)]


def _help(task: TaskView, scene: Scene) -> list[Mrkdwn]:
    name = task.provider.name
    if scene.public:
        return [scene.words.line("help_pointer", name=name)]
    return [scene.words.line("help_asked", name=name), quoted(task.help_text, scene.words)]


def _task(task: TaskView, scene: Scene) -> list[Mrkdwn]:
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


_BODIES: dict[str, Callable[[TaskView, Scene], Sequence[Mrkdwn]]] = {
    "expiry": _expiry,
    "prepare": _prepare,
    "verify": _verify,
    "issuer": _issuer,
    "discrepancy": _discrepancy,
    "lapse_warning": _lapse,
    "lapsed": _lapse,
    "help": _help,
    "recredentialing": _recredentialing,
    "step": _step,
    "task": _task,
}


def _at_risk(task: TaskView, scene: Scene) -> list[str]:
    return [privilege_name(scene.policies, key) for key in task.privileges_at_risk]


def _answer(task: TaskView, scene: Scene) -> Mrkdwn:
    if task.now_with and not task.closed and task.answer not in ANSWERS_THAT_END:
        return scene.words.line("now_with", name=task.now_with)
    if task.answer is None:
        over = task.closed and task.kind != "prepare"  # of which the time is simply past
        return scene.words.line("task_closed", own=task.own) if over else Mrkdwn("")
    return scene.words.line(
        f"answered_{task.answer}",
        by=task.answered_by or task.provider.name,
        own=task.own,
        filed_on=task.filed_on,
        until=task.snoozed_until,
        contact_on=task.contact_on,
        to_prepare=task.kind == "prepare",
        contact_how=scene.words.plain(f"contact_how_{task.contact_how}").lower() if task.contact_how else None,
        privileges=_at_risk(task, scene),
    )


def quoted(text: str | None, words: Words) -> Mrkdwn:
    """Typed text as a quotation, line by line; empty where nothing was typed."""
    return words.line("quoted", lines=text.splitlines()) if text and text.strip() else Mrkdwn("")


def first_name(name: str) -> str:
    """What to call somebody in a message to them."""
    return next(iter(name.split()), name)
