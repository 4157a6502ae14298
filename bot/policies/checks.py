"""What the files must agree on with each other. Each check yields every problem it finds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeVar

from bot.policies.document import Place, Problem
from bot.policies.entries import Draft, Entry
from bot.policies.patterns import TOO_MANY, ways_to_match
from bot.rules.calendar import known_countries
from bot.rules.credentials.sources import names_of_source
from bot.rules.parsing.identifiers import MOST, dea_ok, npi_ok
from bot.rules.parsing.names import Named, fold, names_of
from bot.rules.policy import CredentialType, Jurisdiction, Ladder, Model, NumberFormat, Organization, Route, Source
from bot.rules.reminders.ladder import PREPARE_FOR

_ADDRESS = re.compile(r"https://[^\s/<>|]+\.[^\s<>|]+")
M = TypeVar("M", bound=Model)
N = TypeVar("N", bound=Named)


def check(draft: Draft) -> Iterator[Problem]:
    """Every disagreement between the entries that are readable; an unreadable one still counts as existing."""
    yield from _references(draft)
    yield from _kinds_named(draft)
    for organization in _readable(draft.organization):
        yield from _calendar(*organization)
    for ladder, days in _readable(draft.ladders):
        yield from _order(ladder, days.rungs)
        yield from _preparing(ladder, days)
    for cycle, recredentialing in _readable(draft.recredentialing):
        yield from _order(cycle, recredentialing.rungs)
    for route in _readable(draft.routes):
        yield from _steps(*route)
    for place in _readable(draft.jurisdictions):
        yield from _renewal(*place)
    for credential in _readable(draft.credentials):
        yield from _expiry(*credential)
        yield from _continuing(*credential)
        yield from _number(*credential)
        yield from _kinds(*credential)
        yield from _sources(*credential, draft.jurisdictions)
    yield from _clashes(draft.credentials)
    yield from _clashes(draft.provider_types)
    yield from _clashes(draft.privileges)


def _readable(entries: Mapping[str, Entry[M]]) -> Iterator[tuple[Entry[M], M]]:
    return ((entry, entry.value) for entry in entries.values() if entry.value is not None)


def _references(draft: Draft) -> Iterator[Problem]:
    for organization, about in _readable(draft.organization):
        yield from _all_known(organization, "states", about.states, draft.jurisdictions, "state")
    for place, jurisdiction in _readable(draft.jurisdictions):
        renewals = jurisdiction.timely_renewal_continues
        for key in renewals:
            yield from _known(place, ("timely_renewal_continues", key), key, draft.credentials, "credential")
        types = jurisdiction.timely_renewal_for
        yield from _all_known(place, "timely_renewal_for", types, draft.provider_types, "provider type")
    for entry, provider_type in _readable(draft.provider_types):
        yield from _all_known(entry, "expected", provider_type.expected, draft.credentials, "credential")
    for credential, type_ in _readable(draft.credentials):
        if type_.ladder:
            yield from _known(credential, ("ladder",), type_.ladder, draft.ladders, "ladder")
    for privilege, granted in _readable(draft.privileges):
        yield from _known(privilege, ("route",), granted.route, draft.routes, "route")
        yield from _all_known(privilege, "asked_by", granted.asked_by, draft.provider_types, "provider type")
        for at, criterion in enumerate(granted.criteria):
            key = criterion.credential
            yield from _known(privilege, ("criteria", at, "credential"), key, draft.credentials, "credential")


def _all_known(
    entry: Entry[M], field: str, keys: tuple[str, ...], known: Mapping[str, object], kind: str
) -> Iterator[Problem]:
    for at, key in enumerate(keys):
        yield from _known(entry, (field, at), key, known, kind)


def _known(entry: Entry[M], place: Place, key: str, known: Mapping[str, object], kind: str) -> Iterator[Problem]:
    if known and key not in known:  # an empty section is a file that could not be read, and said so
        yield entry.problem(place, f"there is no {kind} `{key}`", f"name one that exists, or add the {kind}")


def _kinds_named(draft: Draft) -> Iterator[Problem]:
    for entry, provider_type in _readable(draft.provider_types):
        for key, kind in provider_type.kinds.items():
            yield from _known(entry, ("kinds", key), key, draft.credentials, "credential")
            yield from _known_kind(entry, ("kinds", key), kind, key, draft)
    for privilege, granted in _readable(draft.privileges):
        for at, criterion in enumerate(granted.criteria):
            for kind in criterion.kinds:
                yield from _known_kind(privilege, ("criteria", at, "kinds"), kind, criterion.credential, draft)


def _known_kind(entry: Entry[M], place: Place, kind: str, credential: str, draft: Draft) -> Iterator[Problem]:
    type_ = draft.credentials[credential].value if credential in draft.credentials else None
    if type_ and kind not in type_.kinds:
        what = f"`{credential}` has no kind `{kind}`"
        yield entry.problem(place, what, f"name one of {', '.join(type_.kinds) or 'its kinds, once it has some'}")


def _kinds(entry: Entry[CredentialType], type_: CredentialType) -> Iterator[Problem]:
    if type_.default_kind and type_.default_kind not in type_.kinds:
        what = f"there is no kind `{type_.default_kind}`"
        yield entry.problem(("default_kind",), what, "name one of `kinds`, or take it out")
    owners: dict[str, str] = {}
    for key, kind in type_.kinds.items():
        for name in (key, kind.label, *kind.aliases):
            if owners.setdefault(fold(name), key) != key:
                what = f"`{name}` is a name of the kind `{owners[fold(name)]}` already"
                yield entry.problem(("kinds", key), what, "choose another label or alias")


def _sources(
    entry: Entry[CredentialType], type_: CredentialType, jurisdictions: Mapping[str, object]
) -> Iterator[Problem]:
    if not type_.verifying_sources:
        what = "no source here verifies it, so that it would be asked about for ever"
        yield entry.problem(("sources",), what, "give one the class primary, agent or accepted")
    owners: dict[str, str] = {}
    for key, source in type_.sources.items():
        for folded, name in {fold(name): name for name in names_of_source(key, source)}.items():
            if owners.setdefault(folded, key) != key:
                what = f"`{name}` is a name of the source `{owners[folded]}` already"
                yield entry.problem(("sources", key), what, "choose another label or alias")
        yield from _pages(entry, key, source, type_, jurisdictions)


def _pages(
    entry: Entry[CredentialType], key: str, source: Source, type_: CredentialType, jurisdictions: Mapping[str, object]
) -> Iterator[Problem]:
    by_state = source.look_up if isinstance(source.look_up, dict) else {}
    place = ("sources", key, "look_up")
    if by_state and not type_.jurisdiction:
        yield entry.problem(place, "pages by state, where the credential has no state", "write one address")
    for state in by_state:
        yield from _known(entry, (*place, state), state, jurisdictions, "state")
    for page in by_state.values() if by_state else [source.look_up] if isinstance(source.look_up, str) else []:
        if not _ADDRESS.fullmatch(page):
            yield entry.problem(place, f"`{page}` is no page on the web", "write an address that begins with https://")


def _calendar(entry: Entry[Organization], organization: Organization) -> Iterator[Problem]:
    stated = organization.holidays
    if stated is None:
        return
    known = known_countries()
    if stated.country not in known:
        what = f"there is no calendar of the country `{stated.country}`"
        yield entry.problem(("holidays", "country"), what, "write the two letters of its ISO 3166 code, as US")
    elif stated.subdivision and stated.subdivision not in known[stated.country]:
        what = f"`{stated.country}` has no calendar of `{stated.subdivision}`"
        choices = ", ".join(known[stated.country])
        yield entry.problem(("holidays", "subdivision"), what, f"write one of {choices}" if choices else "take it out")
    for day in sorted({*stated.closed} & {*stated.open}):
        at = ("holidays", "open", stated.open.index(day))
        yield entry.problem(at, f"{day} is named as closed and as open", "keep one of them")


def _order(entry: Entry[M], rungs: tuple[int, ...]) -> Iterator[Problem]:
    right = sorted(set(rungs))
    if list(rungs) != right:
        yield entry.problem(("rungs",), "the rungs are not in order, each once", f"write {right}")


def _preparing(entry: Entry[Ladder], ladder: Ladder) -> Iterator[Problem]:
    right = sorted(set(ladder.prepare))
    if list(ladder.prepare) != right:
        yield entry.problem(("prepare",), "the days to prepare are not in order, each once", f"write {right}")
    elif right and right[-1] + PREPARE_FOR.days > ladder.rungs[0]:
        latest = ladder.rungs[0] - PREPARE_FOR.days
        what = f"{right[-1]} is too near the first rung, {ladder.rungs[0]}"
        yield entry.problem(("prepare",), what, f"prepare on day {latest} at the latest")


def _steps(entry: Entry[Route], route: Route) -> Iterator[Problem]:
    last = len(route.steps) - 1
    for at, step in enumerate(route.steps):
        mode = "grant" if at == last else "recommend"
        if step.mode != mode:
            where = "the last step" if at == last else "a step before the last"
            yield entry.problem(("steps", at, "mode"), f"{where} cannot {step.mode}", f"write `mode: {mode}`")


def _renewal(entry: Entry[Jurisdiction], place: Jurisdiction) -> Iterator[Problem]:
    if place.timely_renewal_continues and not (place.source and place.in_force_from):
        yield entry.problem(
            ("timely_renewal_continues",),
            "a rule of timely renewal without its source",
            "add `source: ...` and `in_force_from: YYYY-MM-DD`",
        )


def _continuing(entry: Entry[CredentialType], type_: CredentialType) -> Iterator[Problem]:
    if type_.timely_renewal_continues == "yes" and not type_.timely_renewal_source:
        yield entry.problem(
            ("timely_renewal_continues",),
            "a rule of timely renewal without its source",
            "add `timely_renewal_source: ...`, or write `unknown`",
        )


def _expiry(entry: Entry[CredentialType], type_: CredentialType) -> Iterator[Problem]:
    if type_.ladder and not type_.may_expire:
        yield entry.problem(("ladder",), "a ladder on a credential that never expires", "take out `ladder`")


def _number(entry: Entry[CredentialType], type_: CredentialType) -> Iterator[Problem]:
    number = type_.number
    if number is None:
        return
    wrong = _pattern_problem(number.pattern)
    if wrong:
        yield entry.problem(("number", "pattern"), *wrong)
    elif len(number.example) > MOST:
        what = f"the example has more than {MOST} characters, which no number may have"
        yield entry.problem(("number", "example"), what, "write a shorter one")
    elif not re.fullmatch(number.pattern, number.example):
        what = f"the example `{number.example}` does not match the pattern"
        yield entry.problem(("number", "example"), what, "write an example in capitals that does")
    elif not _check_digit(number):
        what = f"the example `{number.example}` has a wrong {number.label} check digit"
        yield entry.problem(("number", "example"), what, "write an example whose check digit is right")


def _pattern_problem(pattern: str) -> tuple[str, str] | None:
    """What is wrong with a pattern, and what to write instead."""
    try:
        if ways_to_match(pattern) < TOO_MANY:
            return None
    except (re.error, RecursionError, OverflowError) as error:
        return f"`{pattern}` is no regular expression ({error})", "write one for the whole number, as '[0-9]{10}'"
    what = f"`{pattern}` can match one number in too many ways, which would keep the bot busy for minutes"
    return what, "take out repeats inside repeats and references back, and say how often: [0-9]{3,20}"


def _check_digit(number: NumberFormat) -> bool:
    checks = {"npi": npi_ok, "dea": dea_ok}
    return number.check is None or checks[number.check](number.example)


def _clashes(entries: Mapping[str, Entry[N]]) -> Iterator[Problem]:
    """Two entries that answer to one name: nobody could say which is meant. The later one is told."""
    owners: dict[str, str] = {}
    for key, entry in entries.items():
        if entry.value is None:
            continue
        for folded, name in {fold(name): name for name in names_of(key, entry.value)}.items():
            owner = owners.setdefault(folded, key)
            if owner != key:
                what = f"`{name}` is a name of `{owner}` already"
                yield entry.problem(_where(name, entry.value), what, "choose another label or alias")


def _where(name: str, entry: Named) -> Place:
    aliases: tuple[str, ...] = getattr(entry, "aliases", ())
    if name in aliases:
        return ("aliases", aliases.index(name))
    return ("label",) if name == entry.label else ()
