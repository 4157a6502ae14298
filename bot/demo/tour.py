"""``credbot demo --tour``: the main job from end to end, played on the demo's clinic and told as it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import typer

from bot import log
from bot.demo.narration import Tale
from bot.demo.wiring import NAME, ZONE, Clinic, open_clinic
from bot.store.audit.chain_check import ChainVerified, verify

BEGINNING = datetime(2027, 3, 1, 10, tzinfo=ZoneInfo(ZONE))
"""A Monday without a holiday near, so that the story is the same on every day."""
TODAY = BEGINNING.date()
LICENSE, INSURANCE, PRIVILEGE = "State license (NY)", "Malpractice insurance", "Buprenorphine"
EXPIRES = TODAY + timedelta(days=91)
RENEWED_TO = EXPIRES + timedelta(days=3 * 365)
INSURED_TO = TODAY + timedelta(days=21)
"""As in clinic.csv."""
APPROVALS = "#privilege-requests"


@dataclass(frozen=True, slots=True)
class SourceVisit:
    """What Cora sees at a primary source, and how she looked."""

    credential: str
    number: str
    expires: date
    source: str
    method: str
    reference: str
    shows_status: bool = False
    """A board does; a carrier's certificate says nothing of the kind."""


def run() -> int:
    """Plays every scene; 0, or 1 with the scene that did not happen on stderr."""
    log.configure("ERROR")
    typer.echo(f"{NAME}: the main job, from end to end. One moment, the clinic opens.")
    with open_clinic(BEGINNING) as clinic:
        tale = Tale(clinic)
        try:
            _play(tale, clinic)
        except (AssertionError, KeyError) as missed:
            typer.echo(f"\nThis did not happen: {tale.scene}\n{missed}", err=True)
            return 1
    typer.echo("\nAll of it happened.")
    return 0


def _play(tale: Tale, clinic: Clinic) -> None:
    _record(tale)
    _nudge(tale)
    _request(tale)
    _decide(tale)
    _lapse(tale)
    _reinstate(tale)
    _prove(tale, clinic)


def _record(tale: Tale) -> None:
    tale.begins("Cora records Lee's license in one line, and verifies it at its source")
    tale.types("cora", f"/cred add @lee license NY 245871 {EXPIRES}")
    tale.sees("cora", "Recorded")
    _verify(tale, _at_the_board(EXPIRES))


def _nudge(tale: Tale) -> None:
    tale.begins("The next morning Lee is asked about it, and has renewed already", _at(TODAY + timedelta(days=1)))
    tale.sees("lee", LICENSE, in_="dm")
    tale.clicks("lee", "Renewed", near=LICENSE, in_="dm")
    tale.fills("lee", {"Expires on": RENEWED_TO.isoformat(), "Issued on": TODAY.isoformat()})
    tale.sees("lee", "Nothing more for you to do", in_="dm")
    tale.begins("Cora verifies the renewal")
    _verify(tale, _at_the_board(RENEWED_TO))


def _request(tale: Tale) -> None:
    tale.begins(f"Lee asks for a privilege: {PRIVILEGE}")
    tale.types("lee", f"/cred eligible {PRIVILEGE}")
    tale.sees("lee", "meets every criterion")
    tale.types("lee", "/cred request")
    tale.fills("lee", {"Privileges": [PRIVILEGE], "Reason": "I join the opioid clinic in April."})
    tale.sees("lee", "Your request is with the credentials committee", in_="dm")


def _decide(tale: Tale) -> None:
    tale.begins("Two of the credentials committee recommend it, the medical director grants it")
    tale.sees("ines", f"Lee Chen · {PRIVILEGE}", in_=APPROVALS)
    tale.sees("ines", "MATE training: met · verified", in_=APPROVALS)
    for approver in ("ines", "mo"):
        _approve(tale, approver)
    tale.sees("vera", "Step 2 of 2", in_=APPROVALS)
    _approve(tale, "vera")
    tale.sees("vera", f"Granted by the medical director, {_spoken(TODAY + timedelta(days=1))}", in_=APPROVALS)
    tale.sees("lee", "Congratulations", in_="dm")


def _lapse(tale: Tale) -> None:
    lapsed_on = INSURED_TO + timedelta(days=1)
    tale.begins(f"Three weeks later Lee's {INSURANCE.lower()} has lapsed, and the privilege with it", _at(lapsed_on))
    tale.sees("lee", f"inactive since {_spoken(lapsed_on)}", in_="dm")
    tale.types("lee", "/cred privileges")
    tale.sees("lee", "inactive (administrative) since")


def _reinstate(tale: Tale) -> None:
    tale.begins("Cora records the new policy and verifies it; the privilege works again")
    renewed_to = INSURED_TO + timedelta(days=365)
    tale.types("cora", "/cred update @lee")
    tale.fills("cora", {"Credential": f"{INSURANCE} – expired, {_spoken(INSURED_TO)}"})
    tale.fills("cora", {"Expires on": renewed_to.isoformat()})
    tale.sees("cora", "Renewal recorded")
    carrier = "Certificate of insurance from the carrier"
    _verify(tale, SourceVisit(INSURANCE, "MPL-204418", renewed_to, carrier, "Copy of the certificate", "COI 2027-0311"))
    tale.sees("lee", "active again", in_="dm")
    tale.types("lee", "/cred privileges")
    tale.sees("lee", f"{PRIVILEGE}: active through")


def _prove(tale: Tale, clinic: Clinic) -> None:
    tale.begins("Afterwards, all of it is provable")
    with clinic.bot.reading() as session:
        found = verify(session, clinic.bot.settings.credbot_secret_key)
    events = found.head.seq if isinstance(found, ChainVerified) else 0
    tale.holds(f"The audit chain holds: {events} events.", lambda: isinstance(found, ChainVerified))
    tale.holds("Slack's rules were kept: nothing was refused.", lambda: not clinic.workspace.violations)


def _verify(tale: Tale, look: SourceVisit) -> None:
    tale.types("cora", "/cred verify @lee")
    tale.goes_on("cora", "For Lee Chen")
    tale.fills(
        "cora",
        {
            "Source": look.source,
            "Method": look.method,
            "Number shown": look.number,
            "Expiration shown": look.expires.isoformat(),
            "Reference": look.reference,
            **({"Status shown": "Active", "Public action shown": "No"} if look.shows_status else {}),
        },
    )
    tale.sees("cora", f"Verified: {look.credential} for Lee Chen, expires {_spoken(look.expires)}")
    tale.closes("cora")


def _at_the_board(expires: date) -> SourceVisit:
    where = "https://www.op.nysed.gov/verification-search"
    return SourceVisit(LICENSE, "245871", expires, "State licensing board", "Website", where, shows_status=True)


def _approve(tale: Tale, approver: str) -> None:
    tale.clicks(approver, "Approve", near=f"Lee Chen · {PRIVILEGE}", in_=APPROVALS)
    tale.sees(approver, "was recorded. Thank you")


def _at(day: date) -> datetime:
    """Five past nine at the clinic."""
    return datetime.combine(day, time(9, 5), ZoneInfo(ZONE))


def _spoken(day: date) -> str:
    return f"{day:%b %-d, %Y}"
