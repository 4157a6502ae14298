"""Every mistake in a policy file is answered with file, line, and what to write."""

import re
from pathlib import Path

import pytest

from bot.policies import PolicyError, load

RULE = "source: our bylaws\nin_force_from: 2026-01-01\n"
SOURCES = "{employer: {label: Employer, class: primary}}"
TYPE = f"label: Flu shot\nexpires: always\nsources: {SOURCES}\n{RULE}"
PRIVILEGE = f"""label: Hypnosis
text: Use hypnosis in treatment.
asked_by: [psychiatrist]
criteria:
  - credential: license
route: core
term_months: 24
{RULE}"""
INSIDE = "  source: our bylaws\n  in_force_from: 2026-01-01"
HOLIDAYS = "name: We\nreinstate_within: 30\nholidays:\n  country: "
CHAIR = "{body: department_chair, mode: grant, quorum: 1}"


def problems(folder: Path, files: dict[str, str]) -> list[str]:
    """What loading with these overrides complains of, each line from the file's name on."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        load(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in error.value.problems]


ALONE = {
    "bad indentation": (
        "credentials/flu.yaml",
        "label: Flu shot\n  expires: always\n",
        "2: not YAML (mapping values are not allowed here); check indentation, quotes and brackets here",
    ),
    "no text file": ("credentials/flu.yaml", "a: \x00", "1: not YAML (special characters are not allowed); "),
    "empty file": ("credentials/flu.yaml", "", "1: `this file` is empty; write what belongs there"),
    "duplicate key": ("credentials/flu.yaml", TYPE + "label: Flu\n", "6: `label` is written twice; keep one of them"),
    "anchor": ("credentials/flu.yaml", "label: &a Flu\n", "1: `a` is an anchor or an alias, which policy files do not"),
    "merge key": ("credentials/flu.yaml", TYPE + "<<: {}\n", "6: `<<` merges another group, which policy files do not"),
    "list as a name": ("credentials/flu.yaml", TYPE + "? [a]\n: b\n", "6: a list or a group stands where a name"),
    "missing": (
        "credentials/flu.yaml",
        TYPE.replace("expires: always\n", ""),
        "1: `expires` is missing; add `expires: ...`",
    ),
    "unknown word": (
        "credentials/flu.yaml",
        TYPE + "laddder: license\n",
        "6: `laddder` is not a word of this file; did you mean `ladder`?",
    ),
    "not a choice": (
        "credentials/flu.yaml",
        TYPE + "on_lapse: suspend\n",
        "6: `on_lapse` cannot be `suspend`; write 'inactivate', 'task' or 'inform'",
    ),
    "not true or false": (
        "credentials/flu.yaml",
        TYPE + "shared: maybe\n",
        "6: `shared` cannot be `maybe`; write true or false",
    ),
    "true for always": (
        "credentials/flu.yaml",
        TYPE.replace("always", "true"),
        "2: `expires` cannot be `True`; write 'always', 'maybe' or 'never'",
    ),
    "not a number": (
        "credentials/flu.yaml",
        TYPE + "processing_days: some\n",
        "6: `processing_days` cannot be `some`; write a whole number",
    ),
    "too large": (
        "credentials/flu.yaml",
        TYPE + "opens: 5\n",
        "6: `opens` cannot be `5`; it should be less than or equal to 0",
    ),
    "no such day": (
        "credentials/flu.yaml",
        TYPE.replace("2026-01-01", "2026-02-31"),
        "5: `in_force_from` cannot be `2026-02-31`; write a date as YYYY-MM-DD",
    ),
    "number for text": (
        "credentials/flu.yaml",
        TYPE.replace("Flu shot", "2026"),
        "1: `label` cannot be `2026`; write text, in quotes: '2026'",
    ),
    "text for a list": (
        "credentials/flu.yaml",
        TYPE + "aliases: Flu\n",
        "6: `aliases` cannot be `Flu`; write a list: [one, two]",
    ),
    "a list of sources": (
        "credentials/flu.yaml",
        TYPE.replace(SOURCES, "[Employer]"),
        "3: `sources` cannot be `(a group)`; write `name: value` lines, indented",
    ),
    "a source without its class": (
        "credentials/flu.yaml",
        TYPE.replace(", class: primary", ""),
        "3: `sources.employer.class` is missing; add `class: ...`",
    ),
    "another class": (
        "credentials/flu.yaml",
        TYPE.replace("primary", "secondary"),
        "3: `sources.employer.class` cannot be `secondary`; write 'primary', 'agent', 'accepted', 'reviewed' or",
    ),
    "nothing that verifies": (
        "credentials/flu.yaml",
        TYPE.replace("primary", "self_reported"),
        "3: no source here verifies it, so that it would be asked about for ever; give one the class primary, agent",
    ),
    "two sources of one name": (
        "credentials/flu.yaml",
        TYPE.replace("{employer:", "{clinic: {label: employer, class: primary}, employer:"),
        "3: `Employer` is a name of the source `clinic` already; choose another label or alias",
    ),
    "a page that is none": (
        "credentials/flu.yaml",
        TYPE.replace("primary", "primary, look_up: 'http://clinic.example'"),
        "3: `http://clinic.example` is no page on the web; write an address that begins with https://",
    ),
    "pages by state": (
        "credentials/flu.yaml",
        TYPE.replace("primary", "primary, look_up: {NY: 'https://ny.example/'}"),
        "3: pages by state, where the credential has no state; write one address",
    ),
    "a state that is none": (
        "credentials/flu.yaml",
        TYPE.replace("primary", "primary, look_up: {QQ: 'https://ny.example/'}") + "jurisdiction: true\n",
        "3: there is no state `QQ`; name one that exists, or add the state",
    ),
    "empty sources": (
        "credentials/flu.yaml",
        TYPE.replace(SOURCES, "{}"),
        "3: `sources` is empty; write what belongs there",
    ),
    "file name": (
        "credentials/Flu-Shot.yaml",
        TYPE,
        "1: `Flu-Shot` is no name for an entry; use small letters, digits and _, at most 40",
    ),
    "unknown file": ("credential/flu.yaml", TYPE, "1: no policy file has this name; the names are organization.yaml,"),
    "other ending": ("credentials/flu.yml", TYPE, "1: no policy file has this name; the names are organization.yaml,"),
    "unknown ladder": (
        "credentials/flu.yaml",
        TYPE + "ladder: flu\n",
        "6: there is no ladder `flu`; name one that exists, or add the ladder",
    ),
    "ladder without expiry": (
        "credentials/flu.yaml",
        TYPE.replace("always", "never") + "ladder: license\n",
        "6: a ladder on a credential that never expires; take out `ladder`",
    ),
    "alias of another": (
        "credentials/flu.yaml",
        TYPE + "aliases:\n  - Flu\n  - basic LIFE support\n",
        "8: `basic LIFE support` is a name of `bls` already; choose another label or alias",
    ),
    "alias of another provider type": (
        "provider_types/np.yaml",
        f"label: NP\naliases: [pmhnp]\n{RULE}",
        "2: `pmhnp` is a name of `pmhnp` already; choose another label or alias",
    ),
    "label of another privilege": (
        "privileges/hypnosis.yaml",
        PRIVILEGE.replace("Hypnosis", "Esketamine"),
        "1: `Esketamine` is a name of `esketamine` already; choose another label or alias",
    ),
    "bad pattern": (
        "credentials/flu.yaml",
        TYPE + "number:\n  label: Lot\n  pattern: '['\n  example: A1\n",
        "8: `[` is no regular expression (unterminated character set at position 0); write one for the whole",
    ),
    "repeats inside repeats": (
        "credentials/flu.yaml",
        TYPE + "number:\n  label: Lot\n  pattern: '([A-Z]+)+X'\n  example: AX\n",
        "8: `([A-Z]+)+X` can match one number in too many ways, which would keep the bot busy for minutes; take out",
    ),
    "a long example": (
        "credentials/flu.yaml",
        TYPE + f"number:\n  label: Lot\n  pattern: '[0-9]+'\n  example: '{'1' * 61}'\n",
        "9: the example has more than 60 characters, which no number may have; write a shorter one",
    ),
    "5,000 lists in each other": (
        "credentials/flu.yaml",
        "label: " + "[" * 5_000 + "]" * 5_000,
        "1: lists and groups stand more than 30 deep inside each other; write it flatter",
    ),
    "a megabyte and more": (
        "credentials/flu.yaml",
        "# " + "x" * 1_000_000,
        "1: longer than 1,000,000 bytes, as no policy is; split it, or take it out",
    ),
    "example beside its pattern": (
        "credentials/flu.yaml",
        TYPE + "number:\n  label: Lot\n  pattern: '[0-9]{3}'\n  example: '1234'\n",
        "9: the example `1234` does not match the pattern; write an example in capitals that does",
    ),
    "check digit": (
        "credentials/flu.yaml",
        TYPE + "number:\n  label: NPI\n  pattern: '[0-9]{10}'\n  example: '1234567890'\n  check: npi\n",
        "9: the example `1234567890` has a wrong NPI check digit; write an example whose check digit is right",
    ),
    "unknown route": (
        "privileges/hypnosis.yaml",
        PRIVILEGE.replace("route: core", "route: cor"),
        "6: there is no route `cor`; name one that exists, or add the route",
    ),
    "unknown credential": (
        "privileges/hypnosis.yaml",
        PRIVILEGE.replace("credential: license", "credential: licence"),
        "5: there is no credential `licence`; name one that exists, or add the credential",
    ),
    "unknown asker": (
        "privileges/hypnosis.yaml",
        PRIVILEGE.replace("psychiatrist", "shaman"),
        "3: there is no provider type `shaman`; name one that exists, or add the provider type",
    ),
    "unknown expected": (
        "provider_types/np.yaml",
        f"label: NP\nexpected:\n  - license\n  - flu\n{RULE}",
        "4: there is no credential `flu`; name one that exists, or add the credential",
    ),
    "unknown state": (
        "organization.yaml",
        f"name: We\nreinstate_within: 30\nstates: [ZZ]\n{RULE}",
        "3: there is no state `ZZ`; name one that exists, or add the state",
    ),
    "unknown country": (
        "organization.yaml",
        HOLIDAYS + f"XX\n{RULE}",
        "4: there is no calendar of the country `XX`; write the two letters of its ISO 3166 code, as US",
    ),
    "country by its name": (
        "organization.yaml",
        HOLIDAYS + f"America\n{RULE}",
        "4: `holidays.country` cannot be `America`; it should match pattern",
    ),
    "unknown subdivision": (
        "organization.yaml",
        HOLIDAYS + f"US\n  subdivision: ZZ\n{RULE}",
        "5: `US` has no calendar of `ZZ`; write one of AK, AL,",
    ),
    "subdivision of a country without": (
        "organization.yaml",
        HOLIDAYS + f"AE\n  subdivision: DU\n{RULE}",
        "5: `AE` has no calendar of `DU`; take it out",
    ),
    "holiday that is no day": (
        "organization.yaml",
        HOLIDAYS + f"US\n  closed: [Friday]\n{RULE}",
        "5: `holidays.closed.0` cannot be `Friday`; write a date as YYYY-MM-DD",
    ),
    "closed and open": (
        "organization.yaml",
        HOLIDAYS + f"US\n  closed: [2026-11-27]\n  open:\n    - 2026-10-12\n    - 2026-11-27\n{RULE}",
        "8: 2026-11-27 is named as closed and as open; keep one of them",
    ),
    "unreadable list": ("routes.yaml", "core: [\n", "2: not YAML (expected the node content"),
    "strange tag": (
        "credentials/flu.yaml",
        TYPE + "number: !!python/none\n",
        "6: `python/none` is a tag, which policy",
    ),
    "tag of truth": (
        "credentials/flu.yaml",
        TYPE + "x: !!bool maybe\n",
        "6: `bool` is a tag, which policy files do not",
    ),
    "tag of time": (
        "credentials/flu.yaml",
        TYPE + "x: !!timestamp foo\n",
        "6: `timestamp` is a tag, which policy files",
    ),
    "tag in full": ("credentials/flu.yaml", TYPE + "x: !<tag:yaml.org,2002:bool> zzz\n", "6: `bool` is a tag, which"),
    "tag of a group": (
        "credentials/flu.yaml",
        TYPE + "x: !own {a: 1}\n",
        "6: `!own` is a tag, which policy files do not",
    ),
    "tag of a name": (
        "credentials/flu.yaml",
        TYPE + "!!int x: 1\n",
        "6: `int` is a tag, which policy files do not use",
    ),
    "nothing in a list": ("ladders.yaml", "# none\n", "1: entries by name belong here; write `name:` and indent"),
}


@pytest.mark.parametrize(("name", "text", "expected"), ALONE.values(), ids=ALONE)
def test_mistake(tmp_path: Path, name: str, text: str, expected: str) -> None:
    """One mistake gives one problem, which begins with its file and line, and says what to write."""
    found = problems(tmp_path, {name: text})
    assert len(found) == 1, found
    assert found[0].startswith(f"{name}:{expected}")


def shipped_with(name: str, more: str) -> str:
    """A shipped file with more lines on top, so that their numbers are easy to count."""
    text = (Path(__file__).parents[2] / "policies" / name).read_text(encoding="utf-8")
    return f"{more}\n{text}"


def test_ladder_out_of_order(tmp_path: Path) -> None:
    """A ladder that does not ascend, or names a day twice, is shown as it should be."""
    text = shipped_with("ladders.yaml", f"odd:\n  rungs: [0, -7, -7]\n{INSIDE}")
    expected = "ladders.yaml:2: the rungs are not in order, each once; write [-7, 0]"
    assert problems(tmp_path, {"ladders.yaml": text}) == [expected]


@pytest.mark.parametrize(
    ("days", "what"),
    [
        ("[-180, -365]", "the days to prepare are not in order, each once; write [-365, -180]"),
        ("[-100]", "-100 is too near the first rung, -90; prepare on day -120 at the latest"),
    ],
)
def test_days_to_prepare_lie_well_before_the_ladder(tmp_path: Path, days: str, what: str) -> None:
    """In order, and a month before the renewal itself is asked about."""
    text = shipped_with("ladders.yaml", f"odd:\n  prepare: {days}\n  rungs: [-90, 0]\n{INSIDE}")
    assert problems(tmp_path, {"ladders.yaml": text}) == [f"ladders.yaml:2: {what}"]


def test_last_step_must_grant(tmp_path: Path) -> None:
    """A route whose last step only recommends would never grant anything."""
    step = CHAIR.replace("grant", "recommend")
    text = shipped_with("routes.yaml", f"odd:\n  steps:\n    - {step}\n{INSIDE}")
    expected = "routes.yaml:3: the last step cannot recommend; write `mode: grant`"
    assert problems(tmp_path, {"routes.yaml": text}) == [expected]


def test_earlier_step_must_recommend(tmp_path: Path) -> None:
    """A route that grants twice would leave open who grants."""
    text = shipped_with("routes.yaml", f"odd:\n  steps:\n    - {CHAIR}\n    - {CHAIR}\n{INSIDE}")
    expected = "routes.yaml:3: a step before the last cannot grant; write `mode: recommend`"
    assert problems(tmp_path, {"routes.yaml": text}) == [expected]


def test_state_name(tmp_path: Path) -> None:
    """A jurisdiction is named by two capital letters."""
    text = shipped_with("jurisdictions.yaml", "Calif: {name: California}")
    expected = "jurisdictions.yaml:1: `Calif` is no name for an entry; use two capital letters, as CA"
    assert problems(tmp_path, {"jurisdictions.yaml": text}) == [expected]


def test_renewal_rule_without_source(tmp_path: Path) -> None:
    """A state's word on timely renewal is a rule, so it must say where it stands."""
    text = shipped_with("jurisdictions.yaml", "ZZ:\n  name: Zed\n  timely_renewal_continues: {license: true}")
    [found] = problems(tmp_path, {"jurisdictions.yaml": text})
    assert found.startswith("jurisdictions.yaml:3: a rule of timely renewal without its source; add `source: ...`")


def test_a_type_that_continues_needs_its_source(tmp_path: Path) -> None:
    """What keeps a registration in effect past its expiry is a law, so the type must name it."""
    text = re.sub(r"timely_renewal_source: >-\n(?:  .*\n)+", "", shipped_with("credentials/dea.yaml", ""))
    [found] = problems(tmp_path, {"credentials/dea.yaml": text})
    assert found == (
        "credentials/dea.yaml:16: a rule of timely renewal without its source; "
        "add `timely_renewal_source: ...`, or write `unknown`"
    )


def test_renewal_rule_for_nothing_known(tmp_path: Path) -> None:
    """A state's word on timely renewal names credentials and provider types that exist."""
    rule = f"ZZ:\n  name: Zed\n  timely_renewal_continues: {{flu: true}}\n  timely_renewal_for: [np]\n{INSIDE}"
    text = shipped_with("jurisdictions.yaml", rule)
    found = problems(tmp_path, {"jurisdictions.yaml": text})
    assert [problem.partition(";")[0] for problem in found] == [
        "jurisdictions.yaml:3: there is no credential `flu`",
        "jurisdictions.yaml:4: there is no provider type `np`",
    ]


def test_not_utf8(tmp_path: Path) -> None:
    """A file in another encoding is said to be that, not a crash."""
    (tmp_path / "organization.yaml").write_bytes("name: Clínica".encode("latin-1"))
    assert problems(tmp_path, {}) == ["organization.yaml:1: not UTF-8 text; save the file as UTF-8"]


def test_no_such_folder(tmp_path: Path) -> None:
    """An override folder that is not there is an error, not the shipped rules in silence."""
    with pytest.raises(PolicyError, match="nowhere:1: no such folder; name a folder with policy files"):
        load(tmp_path / "nowhere")


def test_no_such_shipped_file(tmp_path: Path) -> None:
    """A policy folder without any of its single files names each of them."""
    with pytest.raises(PolicyError) as error:
        load(shipped=tmp_path)
    assert [Path(problem.file).name for problem in error.value.problems] == [
        "jurisdictions.yaml",
        "ladders.yaml",
        "organization.yaml",
        "recredentialing.yaml",
        "routes.yaml",
    ]


def test_all_at_once(tmp_path: Path) -> None:
    """All mistakes of all files come together, by file and line, and a file broken in one way is no missing file."""
    flu = TYPE.replace("always", "perhaps") + "ladder: license\nassignee: nobody\n"
    hypnosis = PRIVILEGE.replace("credential: license", "credential: flu").replace("24", "0")
    found = problems(tmp_path, {"credentials/flu.yaml": flu, "privileges/hypnosis.yaml": hypnosis})
    assert [problem.partition("; ")[0] for problem in found] == [
        "credentials/flu.yaml:2: `expires` cannot be `perhaps`",
        "credentials/flu.yaml:7: `assignee` cannot be `nobody`",
        "privileges/hypnosis.yaml:7: `term_months` cannot be `0`",
    ]
