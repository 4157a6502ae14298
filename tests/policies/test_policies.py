"""The shipped rules, what a folder of overrides does to them, and the how-tos that say so."""

import json
import re
from pathlib import Path

import pytest

from bot.policies import canonical, credential_named, load, provider_type_named, schema
from bot.rules.parsing.names import NameMatch, longest_name
from bot.rules.policy import Assignee, CriterionTiming, Expires, OnLapse, Policies
from bot.settings import shipped

ROOT = Path(__file__).parents[2]
SIX = {"psychiatrist", "psychologist", "lcsw", "lmhc", "lmft", "pmhnp"}

PRIVILEGES = {
    "psychiatry_core": ({"psychiatrist"}, {"license", "dea", "malpractice"}, {"residency"}, "core"),
    "psychotherapy_core": (SIX, {"license", "malpractice"}, set(), "core"),
    "buprenorphine": ({"psychiatrist", "pmhnp"}, {"license", "dea", "malpractice"}, {"mate"}, "special"),
    "ect": ({"psychiatrist"}, {"license", "dea", "malpractice"}, {"ect_training", "board_certification"}, "special"),
    "esketamine": (
        {"psychiatrist", "pmhnp"},
        {"license", "dea", "malpractice", "bls"},
        {"esketamine_rems"},
        "special",
    ),
    "psychological_testing": ({"psychologist"}, {"license", "malpractice"}, {"testing_training"}, "special"),
}
LADDERS = {
    "license": (-90, -60, -30, -14, -7, -1, 0),
    "dea": (-60, -45, -30, -14, -7, -1, 0),
    "csr": (-90, -60, -30, -14, -7, -1, 0),
    "caqh": (-14, -7, -3, 0, 1),
    "malpractice": (-30, -14, -7, 0),
    "board_certification": (-90, -60, -30, -14, -7, 0),
    "bls": (-60, -30, -14, -7, 0),
}


@pytest.fixture(scope="module")
def policies() -> Policies:
    return load()


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def follow(how_to: str, folder: Path) -> None:
    """Write each YAML block of a how-to to the file that its first line names."""
    text = (ROOT / "docs" / "how-to" / how_to).read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n# (\S+)\n(.*?)```", text, flags=re.DOTALL)
    assert blocks
    for name, block in blocks:
        write(folder, name, block)


@pytest.mark.parametrize("key", PRIVILEGES)
def test_shipped_privilege(policies: Policies, key: str) -> None:
    """Each shipped privilege is asked by, needs and is routed as its delineation says, and no other is shipped."""
    privilege = policies.privileges[key]
    needs = {when: {c.credential for c in privilege.criteria if policies.when(c) is when} for when in CriterionTiming}
    found = (
        set(privilege.asked_by),
        needs[CriterionTiming.CONTINUOUS],
        needs[CriterionTiming.AT_GRANT],
        privilege.route,
    )
    assert found == PRIVILEGES[key]
    assert policies.privileges.keys() == PRIVILEGES.keys()


def test_shipped_routes(policies: Policies) -> None:
    """A chair grants core privileges; two of the committee recommend special ones, the medical director grants."""
    steps = {key: [(s.body, s.mode, s.quorum) for s in route.steps] for key, route in policies.routes.items()}
    assert steps == {
        "core": [("department_chair", "grant", 1)],
        "special": [("credentials_committee", "recommend", 2), ("medical_director", "grant", 1)],
    }


def test_who_grants_has_a_delegation(policies: Policies) -> None:
    """Every shipped step that grants names the delegation it grants under, and no route may deny."""
    assert all(route.steps[-1].delegation for route in policies.routes.values())


@pytest.mark.parametrize("key", LADDERS)
def test_shipped_ladder(policies: Policies, key: str) -> None:
    """Each expiring credential is asked about on its own days, and the others on none."""
    assert policies.rungs(key) == LADDERS[key]
    assert {k for k, c in policies.credentials.items() if c.may_expire} == LADDERS.keys()


def test_shipped_lapses(policies: Policies) -> None:
    """License, DEA, state registration and insurance end what needs them; certification and CAQH open a task."""
    on_lapse = {key: c.on_lapse for key, c in policies.credentials.items() if c.may_expire}
    ends = dict.fromkeys(("license", "dea", "csr", "malpractice"), OnLapse.INACTIVATE)
    tasks = dict.fromkeys(("board_certification", "caqh"), OnLapse.TASK)
    assert on_lapse == ends | tasks | {"bls": OnLapse.INFORM}


def test_only_a_board_certificate_may_go_without_an_expiry(policies: Policies) -> None:
    """Of all that expires, it alone is issued for life as well; a blank of the others is missing."""
    assert [key for key, c in policies.credentials.items() if c.expires is Expires.MAYBE] == ["board_certification"]


def test_whatever_expires_says_how_long_it_lasts(policies: Policies) -> None:
    """So that a year typed wrongly is asked about, whatever the type."""
    longest = {key: c.longest_months for key, c in policies.credentials.items() if c.may_expire}
    assert longest == {
        "license": 48,
        "dea": 39,
        "csr": 39,
        "malpractice": 36,
        "caqh": 7,
        "board_certification": 126,
        "bls": 27,
    }


def test_the_coordinator_renews_insurance(policies: Policies) -> None:
    """A certificate of insurance is the coordinator's to fetch, everything else the provider's."""
    assigned = {key for key, c in policies.credentials.items() if c.assignee is not Assignee.PROVIDER}
    assert assigned == {"malpractice"}
    assert policies.credentials["malpractice"].assignee is Assignee.COORDINATOR


def test_evidence_is_asked_for(policies: Policies) -> None:
    """License, DEA and board certification cannot be verified without a reference to the source."""
    asked = {key for key, c in policies.credentials.items() if c.reference_required}
    assert asked == {"license", "dea", "board_certification"}


def test_states_belong_to_three(policies: Policies) -> None:
    """Only a license and the two controlled substance registrations belong to a state."""
    assert {key for key, c in policies.credentials.items() if c.jurisdiction} == {"license", "dea", "csr"}


def test_every_place_is_known(policies: Policies) -> None:
    """Fifty states, the District of Columbia and five territories are there."""
    assert len(policies.jurisdictions) == 56
    assert {"DC", "PR", "GU", "VI", "MP", "AS"} < policies.jurisdictions.keys()


def test_timely_renewal_is_a_rule_for_some(policies: Policies) -> None:
    """Texas continues every license renewed in time; of Ohio nobody has said so, and the DEA says so everywhere."""
    assert policies.continues("license", "TX", "lcsw")
    assert policies.continues("license", "TX", "psychologist")
    assert not policies.continues("license", "OH", "lcsw")
    assert policies.continues("dea", "TX", "psychiatrist")


def test_every_rule_has_a_source(policies: Policies) -> None:
    """Whoever asks "why?" gets an answer: every rule names its source and whose number it is."""
    sections = (policies.ladders, policies.routes, policies.provider_types, policies.credentials, policies.privileges)
    rules = [policies.organization, *(rule for section in sections for rule in section.values())]
    assert all(rule.source and rule.in_force_from for rule in rules)
    assert all(
        rule.example == ("Credbot's example" in rule.source) for rule in rules if "APA 2001, " not in rule.source
    )


def test_names(policies: Policies) -> None:
    """Key, label and alias name the same thing in any case, with spaces or underscores."""
    assert credential_named(policies, " Board  CERTIFICATION ") == "board_certification"
    assert credential_named(policies, "coi") == "malpractice"
    assert provider_type_named(policies, "licensed clinical social worker") == "lcsw"
    assert longest_name(["Electroconvulsive", "therapy", "(ECT)"], policies.privileges) == NameMatch("ect", 0, 3)
    assert credential_named(policies, "driver's license") is None


def test_the_hash_is_of_the_rules(tmp_path: Path, policies: Policies) -> None:
    """Another order and a comment leave the hash alone; another number does not."""
    text = (shipped("policies") / "ladders.yaml").read_text(encoding="utf-8")
    ladders = re.split(r"^(?=\w)", text, flags=re.MULTILINE)
    write(tmp_path, "ladders.yaml", "# ours\n" + "".join(reversed(ladders)))
    assert load(tmp_path).hash == policies.hash
    write(tmp_path, "ladders.yaml", text.replace("-45", "-44"))
    assert load(tmp_path).hash != policies.hash


def test_the_canonical_text_reads_back(policies: Policies) -> None:
    """What is stored of a policy version gives the same rules again."""
    assert canonical(Policies.model_validate_json(canonical(policies))) == canonical(policies)


def test_an_override_replaces_one_file(tmp_path: Path, policies: Policies) -> None:
    """A file of the same name replaces the shipped one, and every other file stays."""
    text = (shipped("policies") / "credentials" / "bls.yaml").read_text(encoding="utf-8")
    write(tmp_path, "credentials/bls.yaml", text.replace("on_lapse: inform", "on_lapse: task"))
    mine = load(tmp_path)
    assert mine.credentials["bls"].on_lapse is OnLapse.TASK
    assert mine.credentials["dea"] == policies.credentials["dea"]


def test_hidden_files_are_not_policies(tmp_path: Path, policies: Policies) -> None:
    """What other tools keep in hidden files of the folder is left alone."""
    write(tmp_path, ".github/workflows/check.yaml", "on: push")
    assert load(tmp_path).hash == policies.hash


def test_yes_and_no_are_words(tmp_path: Path) -> None:
    """A bare `no` says no, where plain YAML would have made it a false that fits nowhere."""
    text = (shipped("policies") / "credentials" / "dea.yaml").read_text(encoding="utf-8")
    write(tmp_path, "credentials/dea.yaml", text.replace("'yes'", "no"))
    assert load(tmp_path).credentials["dea"].timely_renewal_continues == "no"


def test_the_schema_is_up_to_date() -> None:
    """policies/schema.json is what the models say."""
    written = json.loads((shipped("policies") / "schema.json").read_text(encoding="utf-8"))
    assert written == schema(), "write it anew: json.dumps(bot.policies.schema(), indent=2, sort_keys=True)"


def test_how_to_add_a_credential_type(tmp_path: Path) -> None:
    """Following the how-to gives a credential type that reminds, by its own ladder and names."""
    follow("credential-type.md", tmp_path)
    policies = load(tmp_path)
    assert credential_named(policies, "crisis prevention") == "cpi"
    assert policies.rungs("cpi") == policies.rungs("bls")
    assert "cpi" in policies.provider_types["psychiatrist"].expected


def test_how_to_add_a_privilege(tmp_path: Path) -> None:
    """Following the how-to gives a privilege with its own training, asked for by psychiatrists."""
    follow("privilege.md", tmp_path)
    policies = load(tmp_path)
    assert longest_name(["TMS"], policies.privileges) == NameMatch("tms", 0, 1)
    needs = {c.credential: policies.when(c) for c in policies.privileges["tms"].criteria}
    assert needs == {
        "license": CriterionTiming.CONTINUOUS,
        "malpractice": CriterionTiming.CONTINUOUS,
        "tms_training": CriterionTiming.AT_GRANT,
    }
