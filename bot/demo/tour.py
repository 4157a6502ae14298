"""``credbot demo --tour``: the main job from end to end, played on the demo's clinic and told as it happens."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import typer

from bot import log
from bot.demo.tale import Tale
from bot.demo.wire import NAME, ZONE, Clinic, open_clinic
from bot.store import audit

BEGINNING = datetime(2027, 3, 1, 10, tzinfo=ZoneInfo(ZONE))
"""A Monday without a holiday near, so that the story is the same on every day."""
TODAY = BEGINNING.date()
LICENSE, INSURANCE, PRIVILEGE = "State license NY", "Malpractice insurance", "Buprenorphine"
EXPIRES = TODAY + timedelta(days=91)
RENEWED_TO = EXPIRES + timedelta(days=3 * 365)
INSURED_TO = TODAY + timedelta(days=21)
"""As in clinic.csv."""
APPROVALS = "#privilege-requests"


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
    _verify(tale, LICENSE, number="245871", expires=EXPIRES, source="State licensing board")


def _nudge(tale: Tale) -> None:
    tale.begins("The next morning at nine, Lee is asked about it, and has renewed already")
    tale.until(_at(TODAY + timedelta(days=1), 9))
    tale.sees("lee", LICENSE, in_="dm")
    tale.clicks("lee", "Renewed", near=LICENSE, in_="dm")
    tale.fills("lee", "Report a renewal", {"Expires on": RENEWED_TO.isoformat(), "Issued on": TODAY.isoformat()})
    tale.sees("lee", "Nothing more for you to do", in_="dm")
    tale.begins("Cora verifies the renewal")
    _verify(tale, LICENSE, number="245871", expires=RENEWED_TO, source="State licensing board")


def _request(tale: Tale) -> None:
    tale.begins(f"Lee asks for a privilege: {PRIVILEGE}")
    tale.types("lee", f"/cred eligible {PRIVILEGE}")
    tale.sees("lee", "meets every criterion")
    tale.types("lee", "/cred request")
    tale.fills("lee", "Request privileges", {"Privileges": [PRIVILEGE], "Reason": "I join the OUD clinic in April."})
    tale.sees("lee", "Your request is with the credentials committee", in_="dm")


def _decide(tale: Tale) -> None:
    tale.begins("Two of the credentials committee recommend it, the medical director grants it")
    request = f"Lee Chen · {PRIVILEGE}"
    tale.sees("ines", request, in_=APPROVALS)
    tale.sees("ines", "What the file shows", in_=APPROVALS)
    tale.clicks("ines", "Approve", near=request, in_=APPROVALS)
    tale.sees("mo", "Ines Duarte approved", in_=APPROVALS)
    tale.clicks("mo", "Approve", near=request, in_=APPROVALS)
    tale.sees("vera", "The credentials committee recommends it", in_=APPROVALS)
    tale.clicks("vera", "Approve", near=request, in_=APPROVALS)
    tale.sees("vera", "Granted by the medical director", in_=APPROVALS)
    tale.sees("lee", "Congratulations", in_="dm")


def _lapse(tale: Tale) -> None:
    tale.begins(f"Three weeks later Lee's {INSURANCE.lower()} has lapsed, and the privilege with it")
    tale.until(_at(INSURED_TO + timedelta(days=2), 9))
    tale.sees("lee", "inactive", in_="dm")
    tale.types("lee", "/cred privileges")
    tale.sees("lee", f"because of {INSURANCE}")


def _reinstate(tale: Tale) -> None:
    tale.begins("Cora records the new policy and verifies it; the privilege works again")
    renewed_to = INSURED_TO + timedelta(days=365)
    tale.types("cora", "/cred update @lee")
    tale.fills("cora", "Which credential?", {"Credential": INSURANCE})
    tale.fills("cora", "Report a renewal", {"Expires on": renewed_to.isoformat()})
    _verify(
        tale, INSURANCE, number="MPL-204418", expires=renewed_to, source="Certificate of insurance from the carrier"
    )
    tale.sees("lee", "active again", in_="dm")
    tale.types("lee", "/cred privileges")
    tale.sees("lee", f"{PRIVILEGE}: active to")


def _prove(tale: Tale, clinic: Clinic) -> None:
    tale.begins("Afterwards, all of it is provable")
    with clinic.bot.reading() as session:
        found = audit.verify(session, clinic.bot.settings.credbot_secret_key)
    tale.holds(f"The audit chain holds: {getattr(found, 'seq', 0)} events.", lambda: isinstance(found, audit.Head))
    tale.holds("Slack's rules were kept: nothing was refused.", lambda: not clinic.workspace.violations)


def _verify(tale: Tale, credential: str, *, number: str, expires: date, source: str) -> None:
    tale.types("cora", "/cred verify @lee")
    tale.sees("cora", credential)
    tale.fills(
        "cora",
        "Verify at the source",
        {
            "Source": source,
            "Method": "Website",
            "Number shown": number,
            "Expiry shown": expires.isoformat(),
            "Standing shown": "Active",
            "Public action shown": "No",
            "Reference": "https://www.op.nysed.gov/verification-search",
        },
    )
    tale.sees("cora", "Verified")
    tale.closes("cora")


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=ZoneInfo(ZONE))
