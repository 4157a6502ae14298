"""The command line: parse, call, print. Imports wait until a command needs them, so that ``--help`` is quick.

Exit status: 0 done; 1 configuration, file, database or policy wrong, or a finding; 2 words that do not parse.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.cli import arguments
from bot.cli.session import accepted, fail, only_on_postgresql, opened, opened_to_read, say, settings_with

if TYPE_CHECKING:
    from bot.changes.workspace import StuckAnswer
    from bot.rules.people.models import HeldRole, Person
    from bot.server.lifecycle import Way
    from bot.settings import Settings

app = typer.Typer(
    help="A Slack bot for healthcare credentialing teams: record, nudge, route.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
nudges = typer.Typer(help="What goes out, and when.", no_args_is_help=True)
roles = typer.Typer(help="Who may do what.", no_args_is_help=True)
imports = typer.Typer(help="Bring in what you have.", no_args_is_help=True)
exports = typer.Typer(help="Take out what you have.", no_args_is_help=True)
audit = typer.Typer(help="What happened, provably.", no_args_is_help=True)
messages = typer.Typer(help="Decide about messages that could not be delivered.", no_args_is_help=True)
for name, group in (
    ("nudges", nudges), ("role", roles), ("import", imports), ("export", exports), ("messages", messages),
    ("audit", audit),
):  # fmt: skip
    app.add_typer(group, name=name)

SECRETS = ("CREDBOT_TIMEZONE", "CREDBOT_SECRET_KEY")
A_WAY_IN = "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET"
"""Socket Mode or HTTP: one of them is enough."""
PATIENCE = 60.0
"""Seconds that ``nudges run`` waits for Slack's pace before it leaves the rest for later."""


MessageId = Annotated[
    int, typer.Argument(metavar="ID", min=1, max=2**31 - 1, help="The message's number in `credbot status`.")
]
UserArgument = Annotated[str, typer.Argument(help="A Slack id, or the e-mail address of somebody known.")]
RoleWords = Annotated[
    str,
    typer.Argument(
        metavar="ROLE",
        help="admin, coordinator, approver, approver:BODY, approver:BODY@DEPARTMENT, provider, supervisor or auditor.",
    ),
]


ExportFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="What to write: a name that ends in .json or .csv; readable by you alone."),
]


def main(words: list[str] | None = None) -> NoReturn:
    """Runs one command and exits with its status; what a person can mend is said in a sentence, on stderr."""
    try:
        app(words, prog_name="credbot")
    except SystemExit:
        raise  # before the next line is read, and imports
    except _mendable() as error:
        from bot.server.errors import in_words

        fail(in_words(error))
    sys.exit(0)


@app.callback()
def options(
    _: Annotated[
        bool,
        typer.Option("--version", callback=arguments.print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """What stands before a command."""


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Where the workspace's page listens; 0 takes any free port.")
    ] = 8321,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    tour: Annotated[bool, typer.Option("--tour", help="Play the main job, print who saw and did what.")] = False,
) -> None:
    """Play with a whole local workspace: people, data and the bot; no account, no network."""
    from bot.demo import play
    from bot.demo import tour as guided

    if tour:
        raise typer.Exit(guided.run())
    play.run(port, open_browser=not no_browser)


@app.command()
def run() -> None:
    """Run everything in one process: Slack, the jobs, the delivery."""
    settings = settings_with(*SECRETS, "SLACK_BOT_TOKEN", A_WAY_IN)
    _serve(settings, way="socket" if settings.slack_app_token else "http", jobs=True)


@app.command()
def web() -> None:
    """Answer Slack over HTTP; any number of these beside any number of workers, on PostgreSQL."""
    settings = settings_with(*SECRETS, "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
    only_on_postgresql(settings)
    _serve(settings, way="http", jobs=False)


@app.command()
def worker() -> None:
    """Run the jobs and the delivery; any number of these, on PostgreSQL."""
    settings = settings_with(*SECRETS, "SLACK_BOT_TOKEN")
    only_on_postgresql(settings)
    _serve(settings, way=None, jobs=True)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.store.engine import Database
    from bot.store.schema import bring_up_to_date, pin_the_key

    settings = settings_with()
    database = Database(settings.database_url, settings.credbot_secret_key)
    revision = bring_up_to_date(database)
    pin_the_key(database)
    say(f"The database is up to date ({revision}).")


@app.command()
def doctor(
    new_key: Annotated[bool, typer.Option("--new-key", help="Print a fresh secret key, and nothing else.")] = False,
) -> None:
    """Check tokens, scopes, channels, database, policies and templates, and say how to fix each."""
    if new_key:
        from cryptography.fernet import Fernet

        say(Fernet.generate_key().decode())
        return
    from bot.cli import doctor as clinic

    report = clinic.examine()
    say(str(report))
    raise typer.Exit(1 if report.findings else 0)


@app.command()
def status() -> None:
    """Print what is waiting to be sent, when reminders were last checked, and what needs a person."""
    from bot.server.health import read_status

    bot = opened(settings_with(*SECRETS))
    with bot.reading() as session:
        found = read_status(session, bot.clock.zone)
    say(str(found))
    raise typer.Exit(1 if found.health.troubles else 0)


@app.command()
def manifest(
    url: Annotated[str | None, typer.Option(help="Your public address: a manifest for HTTP instead.")] = None,
) -> None:
    """Print the app manifest to paste into api.slack.com/apps."""
    from bot.cli.manifest import as_text

    if url is not None and not url.startswith("https://"):
        raise typer.BadParameter("Slack calls https:// addresses only.", param_hint="--url")
    say(as_text(url))


@nudges.command()
def preview(
    on: Annotated[str | None, typer.Option(help="The first day, YYYY-MM-DD; today by default.")] = None,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days.")] = 7,
) -> None:
    """Print what would be sent if nobody acted. Sends nothing."""
    from bot.store.reminders.preview import preview as foresee

    first = arguments.day(on, "--on") if on else None
    bot = opened(settings_with(*SECRETS))
    with bot.reading() as session:
        lines = foresee(session, bot.context(), first or bot.clock.today(), days)
    for line in lines:
        say(str(line))


@nudges.command()
def start() -> None:
    """Release the reminders that an import put on hold."""
    from bot.changes.reminders.answers import start_nudging
    from bot.rules.people.models import CLI

    bot = opened(settings_with(*SECRETS))
    released = bot.transact(lambda session: start_nudging(session, bot.context(), CLI))
    say(f"{accepted(bot, released)} released.")


@nudges.command("run")
def run_nudges(
    at: Annotated[str | None, typer.Option(help="As if it were then: 2026-12-01 or 2026-12-01T09:00.")] = None,
    yes_send: Annotated[bool, typer.Option("--yes-send", help="Send the future's reminders to real people.")] = False,
) -> None:
    """Check what is due and deliver it once, now or as if at another time; ends of employment are only listed."""
    from bot import log
    from bot.clock import Clock, stopped_at
    from bot.jobs.run_as_if import run_as_if
    from bot.jobs.schedule import run_due
    from bot.server.errors import naming
    from bot.server.lifecycle import refuse_policy_gaps
    from bot.settings import SLACKS_OWN

    settings = settings_with(*SECRETS, "SLACK_BOT_TOKEN")
    clock = stopped_at(arguments.moment(at, settings.zone), settings.zone) if at else Clock(settings.zone)
    if not yes_send and clock.now() > Clock(settings.zone).now() and settings.slack_api_url == SLACKS_OWN:
        raise typer.BadParameter("That is in the future. To send its reminders now, add --yes-send.", param_hint="--at")
    log.configure("WARNING")
    bot = opened(settings, clock)
    refuse_policy_gaps(bot)
    with naming("SLACK_BOT_TOKEN"):
        bot.slack.who_am_i()
    if at:
        ran, ends = run_as_if(bot.db, bot.context, Clock(settings.zone).today())
        for end in ends:
            say(str(end))
    else:
        ran = run_due(bot.db, bot.context)
    counts = bot.delivery.drain(PATIENCE)
    say(f"{counts.sent} sent, {counts.waiting} waiting, {counts.failed} failed.")
    if ran.failed:
        say(f"Failed, as the log says above: {', '.join(ran.failed)}. Everything else was done.", err=True)
    raise typer.Exit(1 if ran.failed or counts.failed or counts.uncertain else 0)


@imports.command()
def roster(
    file: Annotated[Path, typer.Argument(help="A CSV file, one row a credential (docs/running.md).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do, and change nothing.")] = False,
) -> None:
    """Bring in providers and credentials: all of the file or nothing."""
    from bot.roster import bring_in, find_accounts

    bot = opened(settings_with(*SECRETS))
    told = bring_in(bot, file, dry_run=dry_run)
    say("\n".join(told.lines), err=not told.accepted)
    find_accounts(bot, told, say)
    raise typer.Exit(0 if told.accepted else 1)


@exports.command("person")
def export_person(
    file: ExportFile,
    provider: Annotated[
        str, typer.Option(metavar="P", help="The provider: exact name, NPI, e-mail address or Slack id.")
    ],
) -> None:
    """Write everything on record about one provider; restricted parts are named, not shown."""
    from bot.cli.export_files import write_person

    arguments.export_file(file)
    bot = opened(settings_with(*SECRETS))
    about = arguments.provider(bot, provider)
    written = accepted(bot, write_person(bot, file, about))
    say(f"{file}: {written} records about {about.name}.")


@roles.command()
def grant(user: UserArgument, role: RoleWords) -> None:
    """Give somebody a role; roles add up."""
    from bot.changes.people.roles import grant_role
    from bot.rules.people.models import CLI

    bot = opened(settings_with(*SECRETS))
    held = arguments.role(bot, role)
    person = arguments.person(bot, user)
    done = accepted(bot, bot.transact(lambda session: grant_role(session, bot.context(), CLI, person.id, held)))
    say(f"{_named(person)} {'is now' if done.changed else 'was already'} {_role_in_words(held)}.")


@roles.command()
def revoke(user: UserArgument, role: RoleWords) -> None:
    """Remove a role as of today."""
    from bot.changes.people.roles import revoke_role
    from bot.rules.people.models import CLI

    bot = opened(settings_with(*SECRETS))
    held = arguments.role(bot, role)
    person = arguments.person(bot, user)
    accepted(bot, bot.transact(lambda session: revoke_role(session, bot.context(), CLI, person.id, held)))
    say(f"{_named(person)} is no longer {_role_in_words(held)}.")


@roles.command("list")
def list_all() -> None:
    """Print who holds which role today."""
    from bot.changes.people.roles import list_roles

    bot = opened(settings_with(*SECRETS))
    with bot.reading() as session:
        rows = list_roles(session, bot.context())
    for row in rows:
        since = f"since {row.since}" if row.since else "by CREDBOT_ADMINS"
        without = "" if row.in_effect else "  (without effect: the account is a guest's, a bot's or deactivated)"
        say(f"{_named(row.person)}  {_role_in_words(row.held)}  {since}{without}")
    if not rows:
        say("Nobody holds a role yet. Grant the first: credbot role grant U0123ABCD admin")


@messages.command()
def arrived(message: MessageId) -> None:
    """Say that an uncertain message is there in Slack."""
    _settle(message, "arrived")


@messages.command()
def retry(message: MessageId) -> None:
    """Send an uncertain or failed message again."""
    _settle(message, "send_again")


@messages.command()
def drop(message: MessageId) -> None:
    """Give up on an uncertain or failed message."""
    _settle(message, "drop")


@audit.command()
def verify(
    head: Annotated[str | None, typer.Option(help="SEQ:HASH, as an earlier run printed it.")] = None,
) -> None:
    """Check that no recorded event was changed, removed or inserted."""
    from bot.store.audit.chain_check import ChainBroken
    from bot.store.audit.chain_check import verify as examine

    copied = arguments.head(head) if head else None
    bot = opened_to_read(settings_with(*SECRETS))
    with bot.reading() as session:
        found = examine(session, bot.settings.credbot_secret_key, copied)
    if isinstance(found, ChainBroken):
        fail(f"{found}.")
    say("\n".join([f"The audit chain holds: {found.head.seq} events.", *found.checked, str(found.head)]))


@audit.command("export")
def export_audit(file: ExportFile) -> None:
    """Write every recorded event; restricted parts are named, not shown."""
    from bot.cli.export_files import write_audit

    arguments.export_file(file)
    bot = opened(settings_with(*SECRETS))
    say(f"{file}: {write_audit(bot, file)} events.")


def _serve(settings: Settings, *, way: Way | None, jobs: bool) -> None:
    from bot import log
    from bot.server import lifecycle

    log.configure()
    bot = opened(settings)
    lifecycle.until_told_to_stop(lifecycle.start(bot, way=way, jobs=jobs, delivery=jobs))


def _settle(message: int, answer: StuckAnswer) -> None:
    from bot.changes.workspace import answer_stuck
    from bot.rules.people.models import CLI

    bot = opened(settings_with(*SECRETS))
    accepted(bot, bot.transact(lambda session: answer_stuck(session, bot.context(), CLI, message, answer)))
    say(bot.words.plain(f"resolved_{answer}", by=CLI.name))


def _mendable() -> tuple[type[Exception], ...]:
    from bot.server.errors import MENDABLE

    return MENDABLE


def _named(person: Person) -> str:
    return " ".join([*person.name.split(), f"<{person.slack_user_id or person.email}>"])


def _role_in_words(held: HeldRole) -> str:
    body = f":{held.body}" if held.body else ""
    return held.role.value + body + (f"@{held.department}" if held.department else "")
