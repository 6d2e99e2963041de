import doctest
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pandas as pd
import pytest

from planner.model.availability import Availabilities
from planner.model.document import encode
from planner.model.inventory import Inventory
from planner.model.outcome import Outcome, Result
from planner.model.plan import Charge, Plan
from planner.model.stability import Stabilities
from planner.scan import scan
from reports import columns, tables
from reports.full import MEANINGS


def dtypes(table: tables.Table) -> dict[str, str]:
    return {str(name): str(dtype) for name, dtype in table.dtypes.items()}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (tables.occurrences(Inventory((), (), {})), columns.OCCURRENCES),
        (tables.unresolved(Inventory((), (), {})), columns.UNRESOLVED),
        (tables.outputs(Inventory((), (), {})), columns.OUTPUTS),
        (tables.rules(Inventory((), (), {})), columns.RULES),
        (tables.references(None), columns.REFERENCES),
        (tables.undecided(None, None), columns.UNDECIDED),
        (tables.probes(Availabilities(())), columns.PROBES),
        (tables.platforms(Availabilities(())), columns.PLATFORMS),
        (tables.stabilities(Stabilities(())), columns.STABILITIES),
        (tables.outcomes([]), columns.OUTCOMES),
        (tables.owners(Inventory((), (), {})), columns.OWNERS),
    ],
)
def test_table_without_rows_has_its_columns(table: tables.Table, expected: columns.Columns):
    assert (len(table), list(table.columns)) == (0, list(expected))


def test_dtypes_do_not_depend_on_the_number_of_rows(
    inventory: Inventory, plan: Plan, availabilities: Availabilities
):
    none = msgspec.structs.replace(plan, actions=(), waves=())
    assert dtypes(tables.actions(plan)) == dtypes(tables.actions(none))
    assert dtypes(tables.transfers(plan)) == dtypes(tables.transfers(none))
    assert dtypes(tables.probes(availabilities)) == dtypes(tables.probes(Availabilities(())))
    assert dtypes(tables.platforms(availabilities)) == dtypes(tables.platforms(Availabilities(())))
    assert dtypes(tables.occurrences(inventory)) == dtypes(tables.occurrences(Inventory((), (), {})))


def test_text_is_plain_strings_and_never_missing(inventory: Inventory):
    table = tables.references(inventory)
    texts = [
        value
        for name, column in columns.REFERENCES.items()
        if column.dtype == columns.TEXT.dtype
        for value in table[name]
    ]
    assert {type(text) for text in texts} == {str}


def test_occurrence_that_is_built_or_only_ruled_is_not_pulled(inventory: Inventory):
    table = tables.occurrences(inventory)
    assert list(table[~table["pulled"]]["text"]) == ["acme/web:dev", "nginx"]


def test_rules_are_names_and_patterns(inventory: Inventory):
    table = tables.rules(inventory)
    assert list(table["syntax"]) == ["name", "glob"]
    assert list(table["text"]) == ["nginx", "docker.io/library/*"]
    assert list(table["reference"]) == ["docker.io/library/nginx", ""]


def test_outputs_are_names_known_in_full_or_not(inventory: Inventory):
    assert list(tables.outputs(inventory)["text"]) == ["acme/web:dev", "gcr.io/$PROJECT_ID/web"]


def test_reference_counts_its_places_and_files(inventory: Inventory):
    table = tables.references(inventory).set_index("reference")
    nginx = table.loc["docker.io/library/nginx:1.27"]
    assert (nginx["places"], nginx["files"], nginx["path"], nginx["line"]) == (2, 2, "cart/Dockerfile", 1)


def test_reference_carries_what_a_check_found(inventory: Inventory, availabilities: Availabilities):
    table = tables.references(inventory, availabilities).set_index("reference")
    nginx = table.loc["docker.io/library/nginx:1.27"]
    assert (nginx["verdict"], nginx["size"], nginx["platforms"]) == (
        "cached-fresh",
        1_000,
        "linux/amd64, linux/arm64",
    )


def test_reference_that_was_not_checked_has_no_size(inventory: Inventory, availabilities: Availabilities):
    table = tables.references(inventory, availabilities).set_index("reference")
    assert pd.isna(table.loc["ghcr.io/acme/tool:2"]["size"])


def test_actions_keep_the_order_of_the_plan(plan: Plan):
    verbs = list(tables.actions(plan)["action"])
    assert verbs == ["create", "grant", "warm", "copy", "rewrite", "rewrite", "rewrite", "keep", "manual"]


def test_transfer_knows_its_wave(plan: Plan):
    table = tables.transfers(plan)
    assert list(zip(table["action"], table["wave"], strict=True)) == [("warm", 2), ("copy", 1)]


def test_transfer_outside_every_wave_has_none(plan: Plan):
    assert tables.transfers(msgspec.structs.replace(plan, waves=()))["wave"].isna().all()


def test_copy_comes_from_its_origin(plan: Plan):
    table = tables.transfers(plan).set_index("action")
    assert table.loc["copy"]["origin"] == "mirror.gcr.io/library/redis:7"


def test_outcomes_join_actions_by_key(plan: Plan):
    name = tables.actions(plan)["key"][2]
    done = tables.outcomes([Outcome(name, "warm", "x", "done")])  # type: ignore[arg-type]  # as read from JSON
    assert list(tables.actions(plan).merge(done, on=["key", "action"])["digest_x"]) == ["sha256:" + "a" * 64]


def test_each_answer_of_a_registry_is_a_row(availabilities: Availabilities):
    table = tables.probes(availabilities)
    assert list(zip(table["place"], table["status"], strict=True)) == [
        ("hub", "denied"),
        ("hub", "present"),
        ("mirror", "present"),
    ]


def test_times_are_in_utc(availabilities: Availabilities):
    assert {str(at) for at in tables.probes(availabilities)["at"]} == {"2026-05-04 12:00:00+00:00"}


def test_evidence_of_a_probe_is_in_its_row(availabilities: Availabilities):
    table = tables.probes(availabilities)
    assert list(table["code"].fillna(0)) == [401, 200, 0]
    assert list(table["absence"]) == ["private-or-no-such-repository", "", ""]


def test_each_wanted_platform_is_a_row(availabilities: Availabilities):
    table = tables.platforms(availabilities)
    assert list(zip(table["platform"], table["verdict"], strict=True)) == [("linux/arm64", "cached-fresh")]


def test_each_image_of_a_history_is_a_row(stabilities: Stabilities):
    table = tables.stabilities(stabilities)
    assert list(zip(table["seen"], table["evictions"], table["present"], strict=True)) == [
        (9, 1, True),
        (0, 0, False),
    ]
    assert dtypes(table) == dtypes(tables.stabilities(Stabilities(())))


def test_waves_and_charges_have_a_row_each(plan: Plan):
    charge = Charge(
        "storage", 1.0, None, "USD", "month", "10 GB", "https://example.com/pricing", "2026-05-04"
    )
    table = tables.charges(msgspec.structs.replace(plan, charges=(charge,)))
    assert list(tables.waves(plan)["images"]) == [1, 1]
    assert (table["low"][0], bool(pd.isna(table["high"][0])), table["per"][0]) == (1.0, True, "month")


def test_each_owner_of_a_path_has_a_row(inventory: Inventory):
    owned = msgspec.structs.replace(inventory, owners={"cart/Dockerfile": ("@acme/cart", "@acme/web")})
    assert list(tables.owners(owned)["owner"]) == ["@acme/cart", "@acme/web"]
    assert tables.occurrences(owned)["owners"][0] == "@acme/cart, @acme/web"


def test_what_an_outcome_spared_and_when_it_was_is_in_its_row():
    spared = Outcome("1", "copy", "a/b:1", Result.DONE, saved=3, at=datetime(2026, 5, 4, tzinfo=UTC))
    table = tables.outcomes([spared, Outcome("2", "copy", "a/c:1", Result.DONE)])
    assert (list(table["saved"]), list(table["at"].isna())) == ([3, 0], [False, True])


def test_reference_that_only_a_check_or_a_plan_knows_has_no_place(availabilities: Availabilities, plan: Plan):
    table = tables.references(None, availabilities).set_index("reference")
    assert list(table["places"]) == [0, 0]
    assert pd.isna(table.loc["docker.io/acme/gone:1"]["line"])
    assert list(tables.references(None, plan=plan)["decision"]) == ["warm", "copy", "keep"]


def test_example_of_the_module_gives_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    example = Path(__file__).parents[2] / "examples" / "storefront"
    (tmp_path / "inventory.json").write_bytes(encode(scan((example,))))
    monkeypatch.chdir(tmp_path)
    done = doctest.testmod(tables)
    assert (done.failed, done.attempted) == (0, 8)


def public() -> set[str]:
    return set(tables.__all__) - {"Table", "figures", "frame"}


def test_every_table_is_in_the_list_of_the_module_and_among_the_full_ones():
    listed = re.findall(r"^\| `(\w+)` \|", tables.__doc__ or "", re.MULTILINE)
    assert (set(listed), set(MEANINGS)) == (public(), public())


def test_every_column_says_what_it_means():
    described = {name: getattr(columns, name.upper()) for name in public()}
    assert [
        f"{table}.{name}"
        for table, found in described.items()
        for name, column in found.items()
        if not column.meaning
    ] == []
