"""What a report on a whole migration says, before a writer gives it a form."""

import msgspec
import pytest

from planner.check import offline
from planner.errors import ConfigError
from planner.model.availability import Availabilities, Availability, Probe, Status, Verdict
from planner.model.inventory import Inventory, Source, Unresolved
from planner.model.outcome import Outcome, Result
from planner.model.plan import Charge, Effort, Manual, Plan, key
from planner.model.reference import Reference
from planner.model.stability import Stabilities
from reports.documents import Document, gathered, scanned
from reports.report import render_all, together, writer, writers
from reports.section import Report
from reports.writers._base import Layout, pieces


@pytest.fixture
def everything(
    inventory: Inventory,
    availabilities: Availabilities,
    plan: Plan,
    outcomes: list[Outcome],
    stabilities: Stabilities,
) -> tuple[Document, ...]:
    return (inventory, availabilities, plan, outcomes, stabilities)


def answers(report: Report) -> list[str]:
    return [figure.answer for figure in report.figures]


def rows(report: Report, name: str) -> list[dict[str, object]]:
    section = next(section for section in report.sections if section.name == name)
    return [dict(row) for row in section.table.to_dict("records")]


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ((), ""),
        ((Source("shop", 1, "0123456789abcdef"),), "shop at 0123456789ab"),
        ((Source(".", 1, "0123456789abcdef"),), "the working directory at 0123456789ab"),
        ((Source(".", 1),), "the working directory"),
        ((Source("a", 1), Source("b", 1)), "2 trees"),
    ],
)
def test_title_says_what_was_scanned(sources: tuple[Source, ...], said: str):
    assert scanned(Inventory(sources, (), {})) == said


def test_five_questions_are_answered(everything: tuple[Document, ...]):
    assert answers(together(everything)) == ["1 image", "1 image", "2 images", "not known", "0 of 2 images"]


def test_what_no_document_tells_is_said_to_be_unknown_and_who_tells_it(empty: Document):
    figures = together((empty,)).figures
    told = [figure.remark for figure in figures if figure.answer == "not known"]
    assert len(figures) == 5
    assert all("hub2ar" in remark or "no charges" in remark for remark in told)


def test_what_no_registry_told_of_is_not_said_to_hold():
    figure = together((offline([Reference.parse("nginx:1.27")]),)).figures[1]
    assert (figure.answer, figure.remark) == (
        "not known",
        "no registry answered for 1 image; hub2ar check asks again",
    )


def test_two_plans_are_refused(plan: Plan):
    with pytest.raises(ConfigError, match="two plans"):
        gathered((plan, plan))


def test_outcomes_of_several_runs_are_joined(outcomes: list[Outcome]):
    assert gathered((outcomes, outcomes[:1])).outcomes == (*outcomes, outcomes[0])


def test_an_image_has_its_verdict_its_stability_its_places_and_its_decision(everything: tuple[Document, ...]):
    images = {row["reference"]: row for row in rows(together(everything), "images")}
    nginx = images["docker.io/library/nginx:1.27"]
    assert (nginx["verdict"], nginx["stability"], nginx["kept"]) == (
        "cached-fresh",
        "dropped",
        "9 of 12 checks",
    )
    assert (nginx["decision"], nginx["why"], nginx["places"]) == ("warm", "it is on Docker Hub", 2)
    assert nginx["destination"] == "us-docker.pkg.dev/shop/docker-hub/library/nginx:1.27"
    assert images["ghcr.io/acme/tool:2"]["decision"] == "keep"


def test_what_breaks_first_is_listed_first(everything: tuple[Document, ...]):
    verdicts = [row["verdict"] for row in rows(together(everything), "images")]
    assert verdicts[:2] == ["missing-or-private", "cached-fresh"]


def test_an_image_that_is_only_in_the_plan_is_listed_too(plan: Plan):
    assert [row["reference"] for row in rows(together((plan,)), "images")] == [
        "docker.io/library/nginx:1.27",
        "docker.io/library/redis:7",
        "ghcr.io/acme/tool:2",
    ]


def test_a_reference_left_to_people_is_decided_by_hand(plan: Plan):
    left = Manual("docker.io/acme/gone:1", ("Dockerfile:1",), "no registry shows it")
    changed = msgspec.structs.replace(plan, actions=(*plan.actions, left))
    images = {row["reference"]: row["decision"] for row in rows(together((changed,)), "images")}
    assert images["docker.io/acme/gone:1"] == "by hand"


def test_text_that_is_not_known_is_no_image_although_it_looks_like_one(plan: Plan):
    text = "github.com/testcontainers/testcontainers-go"
    module = Unresolved("go.mod", 58, "ryuk", text, "its version is not known")
    left = Manual(text, ("go.mod:58",), module.reason)
    report = together([Inventory((), (module,), {}), msgspec.structs.replace(plan, actions=(left,))])
    assert [section.name for section in report.sections if section.name == "images"] == []


def test_an_occurrence_has_the_verdict_of_its_image_and_its_owners(everything: tuple[Document, ...]):
    inventory, *rest = everything
    assert isinstance(inventory, Inventory)
    owned = msgspec.structs.replace(inventory, owners={"cart/Dockerfile": ("@acme/cart", "@acme/web")})
    first, *_ = rows(together((owned, *rest)), "occurrences")
    assert (first["path"], first["verdict"], first["owners"]) == (
        "cart/Dockerfile",
        "cached-fresh",
        "@acme/cart, @acme/web",
    )


def test_what_is_to_settle_says_what_to_do_once(everything: tuple[Document, ...]):
    assert [(row["subject"], row["problem"]) for row in rows(together(everything), "undecided")] == [
        ("node:${V}", "V has no default")
    ]
    without_plan = rows(together(everything[:1]), "undecided")
    assert [row["what_to_do"] for row in without_plan] == ["set it in an ARG"]


def test_progress_counts_the_last_outcome_of_each_transfer(plan: Plan):
    first, second = map(key, plan.transfers)
    done = [
        Outcome(first, "warm", "a", Result.FAILED, error="reset"),
        Outcome(first, "warm", "a", Result.DONE),
        Outcome(second, "verify", "b", Result.DONE),
    ]
    assert answers(together((plan, done)))[-1] == "1 of 2 images"


def test_drift_is_a_tag_a_file_or_a_destination_that_is_not_as_planned(
    plan: Plan, inventory: Inventory, availabilities: Availabilities
):
    planned = msgspec.structs.replace(plan, files={"cart/Dockerfile": "1" * 64, "gone/Dockerfile": "2" * 64})
    reference = plan.transfers[0].source
    moved = Probe(reference, Status.PRESENT, plan.created, "sha256:" + "b" * 64)
    checked = Availabilities((Availability(reference, Verdict.NOT_CACHED, moved),))
    failed = [Outcome(key(plan.transfers[1]), "verify", "x/y:1", Result.FAILED, error="x/y:1 is missing")]
    drift = rows(together((planned, inventory, checked, failed)), "drift")
    assert [(row["what"], row["subject"]) for row in drift] == [
        ("tag", "docker.io/library/nginx:1.27"),
        ("file", "cart/Dockerfile"),
        ("file", "gone/Dockerfile"),
        ("destination", "x/y:1"),
    ]


def test_cost_is_summed_for_the_same_time_only(plan: Plan):
    charges = (
        Charge("storage", 1.0, 2.0, "USD", "month", "b", "s", "2026-05-04"),
        Charge("pulls", 0.5, None, "USD", "month", "b", "s", "2026-05-04"),
        Charge("scanning", 0.0, 9.1, "USD", "once", "b", "s", "2026-05-04", "turn it off"),
    )
    figure = together((msgspec.structs.replace(plan, charges=charges),)).figures[3]
    assert (figure.answer, figure.remark) == ("at least 1.50 USD a month", "0 to 9.10 USD once")


def test_cost_that_is_not_known_is_said_after_what_is(plan: Plan):
    charges = (
        Charge("storage", 0.0, None, "USD", "month", "b", "s", "2026-05-04"),
        Charge("scanning", 0.0, 9.1, "USD", "once", "b", "s", "2026-05-04"),
    )
    report = together((msgspec.structs.replace(plan, charges=charges),))
    section = next(each for each in report.sections if each.name == "cost")
    assert section.lead == "0 to 9.10 USD once; what is paid a month is not known."


def test_cost_is_told_in_pulls_where_no_money_is_known(plan: Plan):
    charge = Charge("storage", 0.0, None, "USD", "month", "b", "s", "2026-05-04")
    changed = msgspec.structs.replace(plan, charges=(charge,), effort=Effort(140, 21_970))
    figure = together((changed,)).figures[3]
    assert (figure.answer, figure.remark) == (
        "140 pulls",
        "of Docker Hub in 6 h 6 min; the money is not known: hub2ar check --sizes",
    )


def test_pulls_are_told_with_the_mirror_and_without_it(plan: Plan, availabilities: Availabilities):
    efforts = msgspec.structs.replace(plan, effort=Effort(3, 60), direct=Effort(12, 600))
    section = next(s for s in together((efforts, availabilities)).sections if s.name == "pulls")
    lead = "Mirrors save 9 of 12 pulls that moving takes. Docker Hub reported 60 of 100"
    assert section.lead.startswith(lead)
    assert (
        section.charts[0].description
        == "Pulls: as planned, 1 min 3, all from Docker Hub, 10 min 12; limit: 100 in 6 h."
    )


def test_method_names_the_documents_that_are_not_there(inventory: Inventory):
    told = {row["document"]: row["made_from"] for row in rows(together((inventory,)), "method")}
    assert told["inventory"] == "shop at 0123456789ab: 12 files, 1 parsed"
    assert told["plan"] == "not given"


@pytest.mark.parametrize("name", writers())
def test_every_writer_takes_all_documents_together(name: str, everything: tuple[Document, ...]):
    written = render_all(everything, name, Layout())
    assert writer(name).binary or "nginx" in "".join(map(str, pieces(written)))
