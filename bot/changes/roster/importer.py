"""A roster comes in: all of it or nothing, and the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.changes.credentials.recording import RecordOutcome
from bot.changes.reconcile import reconcile
from bot.changes.roster.columns import RosterRejected, RosterRow
from bot.changes.roster.credentials import ImportedRow, NotTaken, write_terms
from bot.changes.roster.discrepancies import named
from bot.changes.roster.expiries import missing_expiries
from bot.changes.roster.matching import gather
from bot.changes.roster.new_numbers import new_numbers
from bot.changes.roster.providers import ImportedProvider, write_providers
from bot.rules.context import Context
from bot.store.outbox import messages
from bot.store.privileges.grants import hold_files
from bot.store.providers.profiles import all_providers
from bot.store.reminders import on_hold
from bot.store.reminders.recipients import who_hears_of_silence

BATCH = 1_000
"""Files reconciled at a time."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``held``: deadlines that were past already, which wait for **Start nudging**."""

    file: str
    provider_ids: tuple[int, ...]
    providers_new: int
    providers_changed: int
    providers_same: int
    terms_new: int
    terms_corrected: int
    terms_same: int
    carried_over: int
    """Verifications taken from the file."""
    held: int
    warnings: tuple[str, ...]
    without_source: tuple[int, ...] = ()
    """The rows of which a verification was taken that names no source."""

    @property
    def lines(self) -> tuple[str, ...]:
        """For a terminal."""
        told = [
            _line(self.providers_new, "new provider", self.providers_changed, "changed", self.providers_same),
            _line(self.terms_new, "new or renewed credential", self.terms_corrected, "corrected", self.terms_same),
            f"{_counted(self.carried_over, 'verification')} carried over from {self.file}{self._sourceless()}.",
        ]
        if self.held:
            held = f"{_counted(self.held, 'reminder')} on hold, already past due. To send them: credbot nudges start"
            told.append(held)
        return (*told, *(f"Note: {warning}" for warning in self.warnings))

    def _sourceless(self) -> str:
        if not self.without_source:
            return ""
        rows = ", ".join(map(str, self.without_source))
        return f", {len(self.without_source)} of them without a source (row {rows})"


def import_rows(
    session: Session, ctx: Context, rows: Sequence[RosterRow], file_name: str
) -> ImportReport | RosterRejected:
    """Takes in what the rows say; Rejected where they contradict each other or what is on file.

    An empty cell changes nothing. A later expiry is a new term, the same expiry with another number or issue date
    a correction, whose reason is the file; where somebody looked it up here, a task for the owner and nothing else.
    What was verified before shows as carried over from the file.
    """
    entries = gather(rows, all_providers(session), ctx.policies)
    if isinstance(entries, RosterRejected):
        return entries
    hold_files(session, [entry.known.id for entry in entries if entry.known])
    unclear = (*missing_expiries(session, ctx, entries), *new_numbers(session, ctx, entries))
    if unclear:
        return RosterRejected(tuple(sorted(unclear, key=lambda problem: problem.row)))
    kept = write_providers(session, ctx, file_name, entries)
    of_provider = {one.provider_id: one.entry.rows for one in kept}
    written = write_terms(session, ctx, file_name, of_provider)
    held = _settled(session, ctx, _touched(kept, written))
    return _report(ctx, file_name, kept, written, held)


def _touched(kept: Iterable[ImportedProvider], written: Iterable[ImportedRow]) -> list[int]:
    """A file of which nothing changed is left alone: its reminders may have been released already."""
    changed = {one.provider_id for one in kept if one.change is not RecordOutcome.SAME}
    return sorted(changed | {one.provider_id for one in written if one.looked or one.change is not RecordOutcome.SAME})


def _settled(session: Session, ctx: Context, provider_ids: Sequence[int]) -> int:
    """Deadlines that are past on the day of the import are held, and somebody is asked to start them."""
    for start in range(0, len(provider_ids), BATCH):
        reconcile(session, ctx, provider_ids[start : start + BATCH])
    held = on_hold.hold_past(session, provider_ids, ctx.today, ctx.now)
    if held:
        _show_backlog(session, ctx)
    return held


def _show_backlog(session: Session, ctx: Context) -> None:
    if channel := who_hears_of_silence(session, ctx):
        messages.open_card(session, on_hold.CARD, on_hold.SUBJECT, channel)
        messages.refresh(session, on_hold.CARD, on_hold.SUBJECT)


def _report(
    ctx: Context, file_name: str, kept: Sequence[ImportedProvider], written: Sequence[ImportedRow], held: int
) -> ImportReport:
    providers = [one.change for one in kept]
    terms = [one.change for one in written]
    return ImportReport(
        file=file_name,
        provider_ids=tuple(one.provider_id for one in kept),
        providers_new=providers.count(RecordOutcome.NEW),
        providers_changed=providers.count(RecordOutcome.CORRECTED),
        providers_same=providers.count(RecordOutcome.SAME),
        terms_new=terms.count(RecordOutcome.NEW),
        terms_corrected=terms.count(RecordOutcome.CORRECTED),
        terms_same=terms.count(RecordOutcome.SAME),
        carried_over=sum(one.looked for one in written),
        held=held,
        warnings=tuple(_warnings(ctx, kept, written)),
        without_source=tuple(sorted(one.row.row for one in written if one.without_source)),
    )


def _warnings(ctx: Context, kept: Iterable[ImportedProvider], written: Iterable[ImportedRow]) -> Iterator[str]:
    for one in kept:
        if one.given:
            yield f"{one.name}, who had no Slack account here, now has one."
        if not one.linked and not one.entry.email:
            yield f"{one.name} has neither a Slack id nor an e-mail address, so no reminder can reach them."
    for row in sorted(written, key=lambda one: one.row.row):
        yield from _not_taken(ctx, row)
        if row.earlier_than:
            yield (
                f"Row {row.row.row} expires before what is on file ({row.earlier_than}); it is kept as an earlier term."
            )


def _not_taken(ctx: Context, row: ImportedRow) -> Iterator[str]:
    """What the row says and the file does not hold now: who looked at the source knew better."""
    if row.row.stated is None:
        return
    credential = f"Row {row.row.row}: {named(ctx, row.row.stated)} of {row.row.provider.name}"
    if row.contested and row.contested.verification:
        term, looked_on = row.contested, row.contested.verification.verified_on
        said = ", ".join(str(part) for part in (term.number, term.expires_on) if part)
        yield (
            f"{credential} was looked up at the source on {looked_on}, and on file is {said}. This row says otherwise: "
            "nothing was changed, and the responsible coordinator is asked."
        )
    if row.not_taken:
        yield f"{credential} still has to be verified: {_why_not(row, row.not_taken)}."


def _why_not(row: ImportedRow, why: NotTaken) -> str:
    if why is NotTaken.NO_SOURCE_OF_IT:
        return f"“{row.row.source}” is not a source that verifies it"
    if why is NotTaken.BEFORE_THE_TERM:
        return f"{row.row.verified_on} is before {row.first_day}, when this term can have begun at the earliest"
    return "it was looked up at the source with another number"


def _line(new: int, thing: str, other: int, what: str, same: int) -> str:
    return f"{_counted(new, thing)}, {other} {what}, {same} same."


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
