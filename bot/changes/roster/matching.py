"""Whose row is it? By NPI, else e-mail, else Slack account, else exact name and type; never by a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace

from bot.changes.providers.profiles import NPI
from bot.changes.roster.columns import CellProblem, RosterProvider, RosterRejected, RosterRow
from bot.rules.credentials.identity import Identity
from bot.rules.credentials.input import CredentialInput
from bot.rules.policy import Policies
from bot.rules.providers.models import Provider

MatchKey = tuple[str, ...]
_COLUMNS = tuple(column.name for column in fields(RosterProvider))
_COLUMN_OF = {"type": "provider_type"}


@dataclass(slots=True)
class RosterEntry:
    """One provider of the file: all its rows, what they say together, and whom we know it as."""

    known: Provider | None
    stated: RosterProvider | None = None
    rows: list[RosterRow] = field(default_factory=list)

    @property
    def npi(self) -> str | None:
        return (self.stated and self.stated.npi) or (self.known and self.known.npi) or None

    @property
    def email(self) -> str | None:
        return (self.stated and self.stated.email) or (self.known and self.known.email) or None

    @property
    def slack_user(self) -> str | None:
        return (self.stated and self.stated.slack_user) or (self.known and self.known.slack_user_id) or None


def gather(
    rows: Iterable[RosterRow], known: Sequence[Provider], policies: Policies
) -> list[RosterEntry] | RosterRejected:
    """The file's providers in its order, or every row that contradicts another row or what is on file."""
    index = _Index()
    for provider in known:
        named = (provider.name, provider.type)
        index.add(RosterEntry(provider), _keys(provider.npi, provider.email, provider.slack_user_id, named))
    entries: dict[int, RosterEntry] = {}
    problems: list[CellProblem] = []
    for row in rows:
        found = index.find(row)
        if isinstance(found, CellProblem):
            problems.append(found)
            continue
        problems += _merge(found, row)
        index.add(found, _keys_of(row.provider))
        entries[id(found)] = found
    problems += [problem for entry in entries.values() for problem in _contradictions(entry, policies)]
    problems += _taken_accounts(entries.values(), index)
    return RosterRejected(tuple(sorted(problems, key=lambda p: p.row))) if problems else list(entries.values())


class _Index:
    """Entries by each thing that can name them."""

    def __init__(self) -> None:
        self._entries: dict[MatchKey, dict[int, RosterEntry]] = defaultdict(dict)

    def add(self, entry: RosterEntry, keys: Iterable[MatchKey]) -> None:
        for key in keys:
            self._entries[key][id(entry)] = entry

    def at(self, key: MatchKey) -> list[RosterEntry]:
        return list(self._entries[key].values()) if key in self._entries else []

    def find(self, row: RosterRow) -> RosterEntry | CellProblem:
        """The one entry that the row is about, a new one where nobody fits."""
        for key in _keys_of(row.provider):
            column = key[0]
            fitting = [e for e in self.at(key) if column != "name" or not _somebody_else(e, row.provider)]
            if len(fitting) > 1:
                what = "Several providers fit. Add an NPI or an e-mail address of their own."
                return CellProblem(row.row, column, what)
            if fitting:
                return _other_npi(fitting[0], row) or fitting[0]
        return RosterEntry(None)


def _keys_of(provider: RosterProvider) -> list[MatchKey]:
    return _keys(provider.npi, provider.email, provider.slack_user, (provider.name, provider.type))


def _keys(npi: str | None, email: str | None, slack_user: str | None, named: tuple[str, str]) -> list[MatchKey]:
    """The strongest first."""
    single = ((NPI, npi), ("email", email and email.lower()), ("slack_user", slack_user))
    name, type_ = named
    return [*((column, text) for column, text in single if text), ("name", name.casefold(), type_)]


def _somebody_else(entry: RosterEntry, provider: RosterProvider) -> bool:
    """The same name and type, and yet another person: something that is one person's own differs."""
    pairs = (
        (entry.npi, provider.npi),
        (entry.email and entry.email.lower(), provider.email),
        (entry.slack_user, provider.slack_user),
    )
    return any(ours and theirs and ours != theirs for ours, theirs in pairs)


def _other_npi(entry: RosterEntry, row: RosterRow) -> CellProblem | None:
    theirs = row.provider.npi
    if not theirs or entry.npi in (None, theirs):
        return None
    return CellProblem(row.row, NPI, f"{theirs} is not the NPI of {_name(entry)}, which is {entry.npi}.")


def _merge(entry: RosterEntry, row: RosterRow) -> list[CellProblem]:
    """Adds what this row says; a row may leave out what another one says, not contradict it."""
    said, added, problems = entry.stated or row.provider, {}, []
    for column in _COLUMNS:
        before, now = getattr(said, column), getattr(row.provider, column)
        if now is None or now == before:
            continue
        if before is None:
            added[column] = now
        else:
            what = f"“{now}” is not what row {entry.rows[0].row} says of the same provider: “{before}”."
            problems.append(CellProblem(row.row, _COLUMN_OF.get(column, column), what))
    entry.stated = replace(said, **added) if added else said
    entry.rows.append(row)
    return problems


def _contradictions(entry: RosterEntry, policies: Policies) -> Iterator[CellProblem]:
    """Two rows about the same term of a credential must say the same, and a credential has one number.

    One without an expiry is about the newest.
    """
    seen: dict[tuple[object, ...], RosterRow] = {}
    numbered: dict[Identity, RosterRow] = {}
    profession = entry.stated.type if entry.stated else ""
    for row in entry.rows:
        if row.stated is None:
            continue
        stated = row.stated.of_usual_kind(policies, profession)
        first = seen.setdefault((stated.identity, stated.expires_on), row)
        other = numbered.setdefault(stated.identity, row) if _keeps_its_number(stated, policies) else row
        if other.stated and other.stated.number != stated.number:
            what = (
                f"Row {other.row} has another number, {other.stated.number}, for the same credential. If they are "
                "two, tell them apart in the columns kind or label."
            )
            yield CellProblem(row.row, "number", what)
        elif first.stated and (first.stated != row.stated or first.verified_on != row.verified_on):
            what = f"Row {first.row} says something else of the same credential."
            yield CellProblem(row.row, "credential", what)
        elif stated.expires_on is None and (unlike := _other_number(entry, stated)):
            what = f"Row {unlike.row} has another number for the same credential, and this row no expiry."
            yield CellProblem(row.row, "expires_on", what)


def _other_number(entry: RosterEntry, stated: CredentialInput) -> RosterRow | None:
    said = ((row, row.stated) for row in entry.rows if row.stated)
    differs = (row for row, one in said if one.identity == stated.identity and one.number != stated.number)
    return next(differs, None)


def _keeps_its_number(stated: CredentialInput, policies: Policies) -> bool:
    return stated.number is not None and not policies.credential_type(stated.type).number_changes


def _taken_accounts(entries: Iterable[RosterEntry], index: _Index) -> Iterator[CellProblem]:
    """A Slack account is one provider's, and a provider has one."""
    for entry in entries:
        row, account = entry.rows[0].row, entry.stated and entry.stated.slack_user
        if not account:
            continue
        for other in index.at(("slack_user", account)):
            if other is not entry:
                yield CellProblem(row, "slack_user", f"{account} belongs to {_name(other)} already.")
        linked = entry.known and entry.known.slack_user_id
        if linked not in (None, account):
            yield CellProblem(row, "slack_user", f"{_name(entry)} has another Slack account already: {linked}.")


def _name(entry: RosterEntry) -> str:
    if entry.known:
        return entry.known.name
    return entry.stated.name if entry.stated else "another provider"
