"""What a file of ``policies/`` may say. Every rule names its source and the day it came into force."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.rules.calendar import Days, calendar
from bot.rules.credentials.identity import Identity

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
State = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Label = Annotated[str, Field(min_length=2, max_length=60)]


class Assignee(StrEnum):
    """Whose turn it is when a credential comes due."""

    PROVIDER = "provider"
    COORDINATOR = "coordinator"
    ORGANIZATION = "organization"


class OnLapse(StrEnum):
    """What an expiry does: inactivate privileges that need it; a task and what only informs remind by their ladder."""

    INACTIVATE = "inactivate"
    TASK = "task"
    INFORM = "inform"


class Expires(StrEnum):
    """Whether a credential of a type has an expiry. Where it always has one, a blank is missing and says nothing."""

    ALWAYS = "always"
    MAYBE = "maybe"
    """Some have none, as a lifetime board certificate: a blank says so for a new one."""
    NEVER = "never"


class CriterionTiming(StrEnum):
    """Whether a criterion is asked once, at the grant, or on every day of it."""

    AT_GRANT = "at_grant"
    CONTINUOUS = "continuous"


class Model(BaseModel):
    """A piece of a policy file: unknown keys are errors, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Model):
    """A rule that a reader may ask "why?" of."""

    source: str = Field(min_length=3)
    in_force_from: date
    example: bool = False
    """True where the number is ours and no standard's: the organization's body must adopt it."""


class Holidays(Model):
    """On which days the organization does not work, beside Saturdays and Sundays."""

    country: str = Field(pattern=r"^[A-Z]{2}$")
    """Whose public holidays they are: ISO 3166, two letters."""
    subdivision: str | None = None
    """A state or region with holidays of its own; empty: the country's (in the US the federal ones)."""
    closed: tuple[date, ...] = ()
    """Days of the organization's own on which it is closed as well."""
    open: tuple[date, ...] = ()
    """Public holidays on which it works all the same."""


class Organization(Rule):
    """Whose policies these are."""

    name: str = Field(min_length=1, max_length=80)
    states: tuple[State, ...] = ()
    """Where the organization treats patients; empty means any state's license counts."""
    reinstate_within: int = Field(ge=0, le=366)
    """Days after a lapse within which a verified renewal brings a privilege back by itself."""
    holidays: Holidays | None = None
    """Empty: every Monday to Friday is a business day."""
    org_shared_channels: bool = False
    """Whether approvals and team channel may be shared with other workspaces of the Enterprise Grid organization."""


class Ladder(Rule):
    """When reminders of a due date are sent."""

    rungs: tuple[int, ...] = Field(min_length=1)
    """Days relative to the due date (negative = before), ascending."""
    prepare: tuple[int, ...] = ()
    """Days, long before the first rung, on which somebody is asked whether they are ready for the renewal."""


class Step(Model):
    """One body's turn in a route."""

    body: Key
    """Who decides: department_chair, credentials_committee, medical_director, governing_body, …"""
    mode: Literal["recommend", "grant"]
    quorum: int = Field(ge=1, le=20)
    """How many different people of the body must approve."""
    delegation: str | None = None
    """The written delegation under which an officer grants in the governing body's place (42 CFR 482.12, .22)."""


class Route(Rule):
    """Who recommends and who grants."""

    steps: tuple[Step, ...] = Field(min_length=1)
    """In order; the last one always grants."""


class Jurisdiction(Model):
    """A state or territory that licenses."""

    name: str
    timely_renewal_continues: dict[Key, bool] = {}
    """By credential type: whether a renewal filed in time continues the authority until the issuer acts."""
    timely_renewal_for: tuple[Key, ...] = ()
    """The provider types for whom that holds; empty means everybody's."""
    source: str | None = None
    in_force_from: date | None = None

    def holds_for(self, provider_type: str | None) -> bool:
        """Whether the place's word on timely renewal is about this type of provider."""
        return not self.timely_renewal_for or provider_type in self.timely_renewal_for


class ProviderType(Rule):
    """A profession whose files are kept."""

    label: Label
    aliases: tuple[str, ...] = ()
    expected: tuple[Key, ...] = ()
    """Credential types a file of this type is expected to hold."""
    kinds: dict[Key, Key] = {}
    """By credential type: the kind that is meant of this profession's where none is said."""


class NumberFormat(Model):
    """How a credential's number looks. ``pattern`` is a full-match regular expression on the upper-cased text."""

    label: Label
    pattern: str
    example: str
    check: Literal["npi", "dea"] | None = None
    optional: bool = False
    """True where it may be left out, as a card's code."""


class SourceClass(StrEnum):
    """What a source's word on a credential of one type is worth; for another type it may be worth another thing.

    CAQH is primary for its own attestation date, and for nothing else.
    """

    PRIMARY = "primary"
    """Whoever issued it, or is named by law as who knows."""
    AGENT = "agent"
    """Acts for the primary source, by contract."""
    ACCEPTED = "accepted"
    """A copy, a document or a profile that a named standard takes instead."""
    REVIEWED = "reviewed"
    """Read and initialed, as a work history is: nobody confirms it."""
    SELF_REPORTED = "self_reported"
    """The provider's own word, wherever it was typed."""


VERIFYING = frozenset({SourceClass.PRIMARY, SourceClass.AGENT, SourceClass.ACCEPTED})
"""The classes whose word verifies."""


class Source(Model):
    """Where a credential of a type is looked up, and what its word is worth for it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    label: Label
    source_class: SourceClass = Field(validation_alias="class")
    aliases: tuple[Label, ...] = ()
    """How people and rosters write it: "DEA", "carrier", "board"."""
    look_up: str | dict[State, str] | None = None
    """The https address of the page on which it is looked up; by state where each has its own."""

    @property
    def verifies(self) -> bool:
        """Whether its word verifies."""
        return self.source_class in VERIFYING

    def page(self, state: str | None) -> str | None:
        """The address of its page for that state; None where the policy names none."""
        return self.look_up.get(state or "") if isinstance(self.look_up, dict) else self.look_up


class Kind(Model):
    """What one person may hold beside others of the same type: an RN license beside an NP's, a tail beside a policy."""

    label: Label
    aliases: tuple[str, ...] = ()
    counts: bool = True
    """Whether it meets a privilege's criterion that names no kind; an RN license or a tail does not."""


class CredentialType(Rule):
    """A kind of credential: its form, its dates, whose turn it is, and what its lapse does."""

    label: Label
    aliases: tuple[str, ...] = ()
    jurisdiction: bool = False
    """True where a two-letter state belongs to it (license, DEA, CSR)."""
    kinds: dict[Key, Kind] = {}
    """What tells apart several that one person holds side by side."""
    default_kind: Key | None = None
    """The kind that is meant where none is said, and that goes without saying."""
    several: bool = False
    """One person may hold two of one kind and state; the second has a short label of its own."""
    number_changes: bool = False
    """Each renewal may have a number of its own, as an insurance policy or a card of a course has."""
    number: NumberFormat | None = None
    expires: Expires
    expiry_label: str = "Expires on"
    longest_months: int | None = Field(default=None, ge=1, le=240)
    """A longer term is asked about before it is recorded: is the year right? Empty: never asked."""
    begins_later: bool = False
    """True where one may be recorded before it begins, as next year's insurance policy."""
    precision: Literal["day", "month"] = "day"
    """``month``: its document shows a month, which means its last day."""
    assignee: Assignee = Assignee.PROVIDER
    opens: int | None = Field(default=None, le=0)
    """Renewal cannot be filed earlier than this many days relative to the expiry (DEA: −60)."""
    processing_days: int = Field(default=0, ge=0)
    """How long the issuer takes; "act by" is the expiry less these days. Wording only."""
    ladder: Key | None = None
    prepare: str | None = Field(default=None, min_length=3, max_length=200)
    """What is needed before it can be renewed, where the ladder asks: "Before you can renew you need …"."""
    on_lapse: OnLapse = OnLapse.INFORM
    timely_renewal_continues: Literal["yes", "no", "unknown"] = "unknown"
    """Unknown counts as no, and the card says so. A jurisdiction's own word wins."""
    timely_renewal_source: str | None = Field(default=None, min_length=3)
    """The law or notice that says yes."""
    reference_required: bool = False
    """A verification needs what leads back to its source: a web address, a receipt's or a document's number, or who
    answered the telephone."""
    shows_status: bool = False
    """Its sources show a status and public actions, as a board does: the verifier is asked for both."""
    shared: bool = False
    """One document may cover many people, as a group's certificate of insurance does."""
    verify_after_absence: bool = False
    """After a leave, or somebody's return after an end, an earlier look at the source does not count any more."""
    sources: dict[Key, Source] = Field(min_length=1)
    """Whose word is known for it, the usual one first. From one that is not named here nothing is verified."""

    @property
    def may_expire(self) -> bool:
        """Whether an expiry can be stated at all."""
        return self.expires is not Expires.NEVER

    @property
    def verifying_sources(self) -> tuple[Source, ...]:
        """Those that a verifier may choose from, the usual one first."""
        return tuple(source for source in self.sources.values() if source.verifies)


class Criterion(Model):
    """A credential that a privilege asks for."""

    credential: Key
    kinds: tuple[Key, ...] = ()
    """Only these meet it; empty: the kind of the provider's profession, else every kind that counts."""
    when: CriterionTiming | None = None
    """Empty: continuous where the credential's ``on_lapse`` is inactivate, at grant otherwise."""


class Privilege(Rule):
    """A line of the delineation of privileges."""

    label: Label
    text: str = Field(min_length=10, max_length=600)
    """The exact words of the delineation of privileges that are granted."""
    asked_by: tuple[Key, ...] = Field(min_length=1)
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    route: Key
    term_months: int = Field(ge=1, le=36)


class Recredentialing(Rule):
    """When a file is decided again, counted from its last decision."""

    months: int = Field(ge=1, le=60)
    late_within: int = Field(ge=0, le=366)
    """Days after the due date in which the recredentialing file may still be used."""
    rungs: tuple[int, ...] = Field(min_length=1)
    """Days relative to the due date (negative = before), ascending; after the last one the owner hears on Mondays."""


MEDICAL_DIRECTOR = "medical_director"
"""Reinstates, and answers for who leaves, whatever the routes say."""


class Policies(Model):
    """Everything in force, checked against itself; ``hash`` is the SHA-256 of its canonical JSON."""

    organization: Organization
    recredentialing: Recredentialing
    ladders: dict[Key, Ladder]
    routes: dict[Key, Route]
    jurisdictions: dict[State, Jurisdiction]
    provider_types: dict[Key, ProviderType]
    credentials: dict[Key, CredentialType]
    privileges: dict[Key, Privilege]
    hash: str = ""

    @property
    def holidays(self) -> Days:
        """The days that count like week-ends; none where the organization states no calendar."""
        stated = self.organization.holidays
        if stated is None:
            return frozenset()
        return calendar(stated.country, stated.subdivision, stated.closed, stated.open)

    @property
    def bodies(self) -> frozenset[str]:
        """Every body that a route asks, and the medical director."""
        return frozenset([MEDICAL_DIRECTOR, *(step.body for route in self.routes.values() for step in route.steps)])

    def credential_type(self, key: str) -> CredentialType:
        """The type's rules. One that is not in force any more, and still on file, counts through its expiry alone."""
        return self.credentials.get(key) or _out_of_force(key)

    def name_of(self, one: Identity) -> str:
        """As people call it: "State license: RN (NY)", "DEA registration (NY), Clinic B".

        A type's usual kind goes without saying; what no policy describes is shown by its key, as words.
        """
        rule = self.credential_type(one.type)
        said = rule.kinds.get(one.kind or "")
        kind = f": {said.label if said else in_words(one.kind)}" if one.kind and one.kind != rule.default_kind else ""
        state = f" ({one.jurisdiction})" if one.jurisdiction else ""
        return f"{rule.label}{kind}{state}{f', {one.label}' if one.label else ''}"

    def expected(self, provider_type: str) -> tuple[str, ...]:
        """The credential types a file is expected to hold; ``()`` where the provider type is not in force any more."""
        found = self.provider_types.get(provider_type)
        return found.expected if found else ()

    def usual_kind(self, credential_type: str, provider_type: str | None) -> str | None:
        """The kind that is meant where none is said: the profession's, else the type's own, else none."""
        profession = self.provider_types.get(provider_type or "")
        return (profession.kinds.get(credential_type) if profession else None) or self.credential_type(
            credential_type
        ).default_kind

    def counts(self, one: Identity, provider_type: str | None, kinds: tuple[Key, ...] = ()) -> bool:
        """Whether it is what somebody of that profession needs: an RN's license is no NP's, a tail no cover of today.

        ``kinds``: only these will do; empty: the profession's usual one, also where no kind was said, else every kind
        that counts.
        """
        usual = self.usual_kind(one.type, provider_type)
        if kinds or usual:
            return one.kind in (kinds or (usual, None))
        rule = self.credential_type(one.type).kinds.get(one.kind or "")
        return one.kind is None or (rule is not None and rule.counts)

    def when(self, criterion: Criterion) -> CriterionTiming:
        """The criterion's own word, else what the credential's lapse does."""
        if criterion.when:
            return criterion.when
        on_lapse = self.credentials[criterion.credential].on_lapse
        return CriterionTiming.CONTINUOUS if on_lapse is OnLapse.INACTIVATE else CriterionTiming.AT_GRANT

    def rungs(self, credential_type: str) -> tuple[int, ...]:
        """The ladder's days relative to the due date, ``()`` where the type has none."""
        ladder = self.credential_type(credential_type).ladder
        return self.ladders[ladder].rungs if ladder else ()

    def prepares(self, credential_type: str) -> tuple[int, ...]:
        """The days on which somebody is asked whether they are ready for the renewal, ``()`` where nobody is."""
        ladder = self.credential_type(credential_type).ladder
        return self.ladders[ladder].prepare if ladder else ()

    def continues(self, credential_type: str, jurisdiction: str | None, provider_type: str | None = None) -> bool:
        """Whether a timely filed renewal continues the authority past its expiry, for this type of provider."""
        place = self.jurisdictions.get(jurisdiction or "")
        if place and credential_type in place.timely_renewal_continues and place.holds_for(provider_type):
            return place.timely_renewal_continues[credential_type]
        return self.credential_type(credential_type).timely_renewal_continues == "yes"


def in_words(key: str) -> str:
    """A key as people read it, where no policy says what it is called: "nursing permit"."""
    return key.replace("_", " ")


def _out_of_force(key: str) -> CredentialType:
    """Built without the checks: a key of another version need not look like one of ours."""
    return CredentialType.model_construct(
        label=in_words(key), expires=Expires.MAYBE, sources={}, source="no policy in force", in_force_from=date.min
    )
