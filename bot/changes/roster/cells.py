"""One row of a roster: its cells read, or a sentence for each that cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial

from bot.changes.providers.profiles import NPI
from bot.changes.roster.columns import STATUSES, CellProblem, RosterProvider, RosterRejected, RosterRow
from bot.changes.roster.problems import in_words
from bot.policies import credential_named, provider_type_named
from bot.rules.credentials.input import CredentialInput, read_stated
from bot.rules.dates import EARLIEST, LATEST, month_end, read_date
from bot.rules.parsing.identifiers import normalize
from bot.rules.parsing.legible import legible
from bot.rules.parsing.names import fold
from bot.rules.policy import CredentialType, Policies
from bot.rules.refusals import Invalid, Question

Find = Callable[[str], str | None]
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CONFIRM = "If it is, write yes in a column “confirm”."
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
_OF_A_CREDENTIAL = ("state", "number", "issued_on", "expires_on", "verified_on", "source", "kind", "label")


class CellLookups:
    """The rules, and the keys of what a file calls by name; each name is looked up once, however many rows have it."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self.credential: Find = cache(partial(credential_named, policies))
        self.provider_type: Find = cache(partial(provider_type_named, policies))


def read_row(
    number: int, header: Sequence[str], cells: Sequence[str], *, known: CellLookups, today: date
) -> RosterRow | RosterRejected:
    """The row, or everything wrong with it. ``number`` is its place in the file, the header being 1."""
    if any(cell.strip() for cell in cells[len(header) :]):
        what = "There are more cells than columns. Put text that holds commas in quotes."
        return RosterRejected((CellProblem(number, "(beyond the last)", what),))
    row = _Cells(number, dict(zip(header, map(legible, cells), strict=False)), today)
    provider = _provider(row, known)
    stated = _stated(row, known, provider.npi)
    if stated and stated.type == NPI:
        provider = replace(provider, npi=stated.number)
    verified_on = row.past_day("verified_on")
    if row.problems:
        return RosterRejected(tuple(row.problems))
    return RosterRow(number, provider, stated, verified_on, row.text("source"), row.confirmed)


class _Cells:
    """The cells of one row. What cannot be read is noted in ``problems`` and read as empty."""

    def __init__(self, number: int, cells: Mapping[str, str], today: date) -> None:
        self.number = number
        self.cells = cells
        self.today = today
        self.problems: list[CellProblem] = []
        self.confirmed = self._confirmed()

    def wrong(self, column: str, what: str) -> None:
        self.problems.append(CellProblem(self.number, column, what))

    def text(self, column: str) -> str | None:
        return " ".join(self.cells.get(column, "").split()) or None

    def _confirmed(self) -> bool:
        text = (self.text("confirm") or "").casefold()
        if text not in ("", "yes", "no"):
            self.wrong("confirm", f"“{text}” is neither yes nor no.")
        return text == "yes"

    def needed(self, column: str) -> str:
        text = self.text(column)
        if text is None:
            self.wrong(column, "This cell is empty; every row needs it.")
        return text or ""

    def matching(self, column: str, what_it_is: str, *patterns: re.Pattern[str]) -> str | None:
        text = self.text(column)
        if text is None or any(pattern.fullmatch(text) for pattern in patterns):
            return text
        self.wrong(column, f"“{text}” is not {what_it_is}.")
        return None

    def asked(self, question: Question) -> None:
        """What a form would ask is an error here, unless the row says that it is so."""
        if not self.confirmed:
            self.wrong(question.field, f"{in_words(question)} {CONFIRM}")

    def day(self, column: str, *, month: bool = False) -> date | None:
        """Only YYYY-MM-DD: 3/4/2027 is one day here and another one there. ``month``: one is its last day."""
        text = self.text(column)
        if text is None:
            return None
        meant = read_date(text, self.today, column)
        if isinstance(meant, Question):
            return self._answered(meant, month=month)
        if _ISO.fullmatch(text):
            if isinstance(meant, date):
                return meant
            self.wrong(column, f"“{text}” is not a day between {EARLIEST.year} and {LATEST.year}.")
            return None
        example = meant if isinstance(meant, date) else date(self.today.year, 12, 31)
        self.wrong(column, f"“{text}” is not a date as the file needs it. Write YYYY-MM-DD, such as {example}.")
        return None

    def _answered(self, question: Question, *, month: bool) -> date | None:
        said = month_end(question) if month else question
        if isinstance(said, date):
            return said
        self.asked(question)
        return question.offer if self.confirmed else None

    def past_day(self, column: str) -> date | None:
        day = self.day(column)
        if day and day > self.today:
            self.wrong(column, f"{day} is still to come.")
        return day


def _provider(row: _Cells, known: CellLookups) -> RosterProvider:
    email = row.matching("email", "an e-mail address", _MAIL)
    return RosterProvider(
        name=row.needed("name"),
        type=_named(row, "provider_type", known.provider_type, known.policies.provider_types)
        or row.needed("provider_type"),
        npi=_npi(row, known.policies),
        email=email.lower() if email else None,
        slack_user=row.matching("slack_user", "a Slack member id, such as U0123ABCD", _SLACK_ID),
        department=row.text("department"),
        hired_on=row.day("hired_on"),
        status=_status(row),
        sites=row.text("sites"),
        owner=_somebody_else(row, "owner"),
        backup=_backup(row),
        supervisor=_somebody_else(row, "supervisor"),
        last_decision_on=row.past_day("last_decision_on"),
        former_names=row.text("former_names"),
    )


def _stated(row: _Cells, known: CellLookups, npi: str | None) -> CredentialInput | None:
    """The NPI's own column serves as the number of that credential."""
    if row.text("credential") is None:
        for column in _OF_A_CREDENTIAL:
            if row.text(column):
                row.wrong(column, "This belongs to a credential, and the credential's cell is empty.")
        return None
    key = _named(row, "credential", known.credential, known.policies.credentials)
    month = key is not None and known.policies.credentials[key].precision == "month"
    issued_on, expires_on = row.day("issued_on"), row.day("expires_on", month=month)
    if key is None:
        return None
    number = row.text("number") or (npi if key == NPI else None)
    kind = _kind(row, known.policies.credentials[key])
    typed = CredentialInput(key, row.text("state"), number, issued_on, expires_on, kind, row.text("label"))
    read, problems = read_stated(typed, known.policies, row.today, open_ended=True)
    for problem in problems:
        if isinstance(problem, Question):
            row.asked(problem)
        else:
            row.wrong(problem.field, in_words(problem))
    if key == NPI and npi and read.number not in (None, npi):
        row.wrong("number", f"{read.number} is not the NPI of the npi column, {npi}.")
    return read


def _named(row: _Cells, column: str, find: Find, keys: Iterable[str]) -> str | None:
    text = row.text(column)
    key = find(text) if text else None
    if text and key is None:
        row.wrong(column, f"“{text}” is not known. Known are: {', '.join(keys)}.")
    return key


def _kind(row: _Cells, policy: CredentialType) -> str | None:
    """Empty: the kind that goes without saying of the profession or the type."""
    text = row.text("kind")
    names = {fold(name): key for key, kind in policy.kinds.items() for name in (key, kind.label, *kind.aliases)}
    if text and fold(text) not in names:
        among = f"Known are: {', '.join(policy.kinds)}." if policy.kinds else f"{policy.label} has no kinds."
        row.wrong("kind", f"“{text}” is not known. {among}")
    return names.get(fold(text)) if text else None


def _npi(row: _Cells, policies: Policies) -> str | None:
    text = row.text("npi")
    number = policies.credentials[NPI].number if NPI in policies.credentials else None
    if text is None or number is None:
        return text
    read = normalize(number, text)
    if isinstance(read, Invalid):
        row.wrong("npi", in_words(read))
        return None
    return read


def _status(row: _Cells) -> str | None:
    text = row.text("status")
    if text is None or text.lower() in STATUSES:
        return text.lower() if text else None
    row.wrong("status", f"“{text}” is none of {', '.join(STATUSES)}.")
    return None


def _backup(row: _Cells) -> str | None:
    """Nobody is their own backup."""
    found = _somebody_else(row, "backup")
    if found and found == _account(row, "owner"):
        row.wrong("backup", f"“{found}” is the owner already. Name somebody else, or leave this empty.")
    return found


def _somebody_else(row: _Cells, column: str) -> str | None:
    """Nobody answers for their own file, nor supervises themselves."""
    found = _account(row, column)
    email = row.text("email")
    if found and found in (row.text("slack_user"), email.lower() if email else None):
        row.wrong(column, f"“{found}” is the provider. Name somebody else, or leave this empty.")
    return found


def _account(row: _Cells, column: str) -> str | None:
    text = row.matching(column, "an e-mail address or a Slack member id", _MAIL, _SLACK_ID)
    return text.lower() if text and "@" in text else text
