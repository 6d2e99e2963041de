import csv
import io
import tomllib

from exporting import COPIES, EVERYTHING, plan, reference, text

from planner import config
from planner.model.job import Copy, Warm
from planner.model.plan import CreateRepository
from planner.planning.names import names

PLACE = "europe-docker.pkg.dev/acme/docker-hub-copies"


def table(document=EVERYTHING):
    return tomllib.loads(text("names", document))["names"]


def copied(upstream, name):
    source = reference(f"{upstream}:1")
    return Copy(source, source, reference(f"{PLACE}/{name}:1"), None, "copied")


def test_copies_have_an_entry():
    assert table() == {"docker.io/grafana/grafana": "grafana/grafana"}


def test_what_is_pulled_through_stands_in_a_comment():
    place = "europe-docker.pkg.dev/acme/docker-hub/library/nginx"
    line = f"# docker.io/library/nginx comes through a remote repository: {place}"
    assert line in text("names").splitlines()


def test_settings_take_the_table_back(tmp_path):
    file = tmp_path / "hub2ar.toml"
    document = plan(
        CreateRepository(COPIES, "copies"), copied("grafana/grafana", "dash"), copied("nginx", "web/nginx")
    )
    file.write_text(text("names", document))
    chosen = names(config.load(file).names, ("docker.io",)).chosen
    assert chosen == {reference("grafana/grafana"): "dash", reference("nginx"): "web/nginx"}


def test_image_that_is_copied_and_pulled_through_has_no_name_of_its_own():
    place = reference("europe-docker.pkg.dev/acme/docker-hub-remote/library/nginx:2")
    through = Warm(reference("nginx:2"), place, None, "public")
    assert table(plan(CreateRepository(COPIES, "copies"), copied("nginx", "library/nginx"), through)) == {}


def test_csv_has_a_row_for_each_image():
    rows = list(csv.DictReader(io.StringIO(text("names", syntax="csv"))))
    front = "europe-docker.pkg.dev/acme"
    assert [tuple(row.values()) for row in rows] == [
        ("docker.io/grafana/grafana", "grafana/grafana", f"{front}/docker-hub/grafana/grafana"),
        ("docker.io/library/nginx", "", f"{front}/docker-hub/library/nginx"),
        ("ghcr.io/acme/app", "", f"{front}/ghcr-io/acme/app"),
    ]


def test_image_that_no_code_names_is_where_its_bytes_are():
    (row,) = csv.DictReader(
        io.StringIO(text("names", plan(CreateRepository(COPIES, "c"), copied("nginx", "x")), syntax="csv"))
    )
    assert (row["name"], row["destination"]) == ("x", f"{PLACE}/x")


def test_plan_without_images_has_an_empty_table():
    assert table(plan()) == {}
