"""Templates of files, which a generator fills in: they are read as what they make."""

import pytest

from planner.scan import scan

WORKFLOW = """
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    container: node:20
<% if (database) { -%>
    services:
      database:
        image: postgres:16
<% } -%>
"""


def scanned(root, files):
    """Return the occurrences in files, by their names."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return scan([root]).occurrences


def names(root, files):
    return {str(each.reference) for each in scanned(root, files)}


@pytest.mark.parametrize("path", ["templates/ci.yml.ejs", "ci.yaml.hbs", "github.yml.tt", "a.yml.j2"])
def test_workflow_is_read_under_the_name_of_a_template(tmp_path, path):
    assert names(tmp_path, {path: WORKFLOW}) == {"docker.io/library/node:20", "docker.io/library/postgres:16"}


def test_place_in_a_template_is_that_of_the_template(tmp_path):
    found = scanned(tmp_path, {"x.yml.ejs": WORKFLOW})
    assert [(each.path, each.line) for each in found] == [("x.yml.ejs", 6), ("x.yml.ejs", 10)]
    assert [WORKFLOW[part.start : part.end] for part in found[0].fragments] == ["node", "20"]


def test_objects_of_kubernetes_in_templates_of_many_files(tmp_path):
    pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - {name: a, image: busybox}\n"
    assert names(tmp_path, {"k8s/pod.yml.ejs": pod + "<%_ if (x) { _%>\n<%_ } _%>\n"}) == {
        "docker.io/library/busybox"
    }


def test_program_in_a_template_is_not_read(tmp_path):
    assert names(tmp_path, {"A.java.ejs": 'class A { String IMAGE = "a/b:1"; }'}) == set()


def test_part_of_a_compose_file_is_told_by_what_a_service_has(tmp_path):
    part = "mysql:\n    image: 'mysql/mysql-server:8.0'\n    ports:\n        - '3306:3306'\n"
    other = "job:\n    image: ruby:3\n    script: [a]\n    restart: x\n"
    assert names(tmp_path, {"stubs/mysql.stub": part, "job.yml": other}) == {
        "docker.io/mysql/mysql-server:8.0"
    }


@pytest.mark.parametrize("path", ["ci.gitlab-ci.yml.ejs", ".drone.yml.ejs"])
def test_version_that_a_template_gives_is_not_known(tmp_path, path):
    scanned(
        tmp_path, {path: "kind: pipeline\nimage: a/b:v<%- version %>\nsteps: [{image: 'c/d:<%= x %>'}]\n"}
    )
    assert {each.text for each in scan([tmp_path]).unresolved} <= {"a/b:v<%- version %>", "c/d:<%= x %>"}
    assert not scan([tmp_path]).occurrences


def test_template_that_is_no_yaml_is_no_finding(tmp_path):
    scanned(tmp_path, {"ci.yml.ejs": WORKFLOW + "<%= more %>\n  x\n y: [\n"})
    assert not scan([tmp_path]).unresolved


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("java", 'new GenericContainer<>("redis:7");'),
        ("csharp", 'new ContainerBuilder().WithImage("redis:7").Build();'),
        ("groovy", "pipeline { agent { docker 'redis:7' } }"),
        ("kotlin", 'GenericContainer("redis:7")'),
    ],
)
def test_program_in_prose_is_documentation(tmp_path, language, code):
    found = scanned(tmp_path, {"README.md": f"# A\n\n```{language}\n{code}\n```\n"})
    assert [(str(each.reference), each.role.value) for each in found] == [
        ("docker.io/library/redis:7", "documentation")
    ]


@pytest.mark.parametrize("path", ["docker-compose.yml.ejs", "app.yml.ejs"])
def test_image_that_the_generator_gives_whole_is_no_finding(tmp_path, path):
    scanned(tmp_path, {path: "services:\n  a:\n    image: <%- containers.a %>\n  b:\n    image: c/d:1\n"})
    found = scan([tmp_path])
    assert [str(each.reference) for each in found.occurrences] == ["docker.io/c/d:1"]
    assert not found.unresolved


@pytest.mark.parametrize("image", ["my/image:1.0.0", "my-image", "your-org/app:1"])
def test_made_up_name_in_a_program_in_prose_is_no_finding(tmp_path, image):
    text = f'```csharp\nnew ContainerBuilder().WithImage("{image}").Build();\n```\n'
    assert scanned(tmp_path, {"README.md": text}) == ()
