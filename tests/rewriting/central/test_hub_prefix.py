"""`hub.image.name.prefix`: one property for all images that tests of the JVM start."""

import pytest
from rewritten import MEANS, SCAN, TARGET, centrally, write

from planner.scan import scan

TESTS = (
    "import org.testcontainers.utility.DockerImageName;\nclass A {\n"
    '  Object a = new KafkaContainer(DockerImageName.parse("confluentinc/cp-kafka:7.6.0"));\n'
    '  Object b = new GenericContainer<>("localstack/localstack:3");\n}\n'
)
POM = (
    "<project><dependencies><dependency><groupId>org.testcontainers</groupId>"
    "<artifactId>kafka</artifactId></dependency></dependencies></project>\n"
)
FOLDER = "shop/src/test"
PROPERTIES = f"{FOLDER}/resources/testcontainers.properties"
FILES = {f"{FOLDER}/java/A.java": TESTS, "shop/pom.xml": POM}


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_property_goes_into_the_file_that_tests_have(tmp_path, end):
    before = f"testcontainers.reuse.enable=true{end}"
    found, used = centrally(tmp_path, {**FILES, PROPERTIES: before})
    feed = end or "\n"
    assert found == {
        PROPERTIES: f"testcontainers.reuse.enable=true{feed}hub.image.name.prefix={TARGET}/{end}"
    }
    assert used == [("hub_prefix", 2)]


def test_images_are_edited_where_tests_have_no_such_file(tmp_path):
    found, used = centrally(tmp_path, FILES)
    assert (list(found), used) == ([f"{FOLDER}/java/A.java"], [])


def test_official_image_keeps_the_prefix_away(tmp_path):
    tests = TESTS.replace("localstack/localstack:3", "redis:7")
    files = {f"{FOLDER}/java/A.java": tests, PROPERTIES: "testcontainers.reuse.enable=true\n"}
    found, used = centrally(tmp_path, files)
    assert (list(found), used) == ([f"{FOLDER}/java/A.java"], [])
    assert f"{TARGET}/library/redis:7" in found[f"{FOLDER}/java/A.java"]


def test_prefix_is_no_affair_of_other_languages(tmp_path):
    go = 'package a\nvar r = testcontainers.ContainerRequest{Image: "acme/db:1"}\n'
    found, used = centrally(tmp_path, {**FILES, "shop/a_test.go": go, PROPERTIES: "testcontainers.a=b\n"})
    assert found["shop/a_test.go"] == go.replace("acme/db", f"{TARGET}/acme/db")
    assert used == [("hub_prefix", 2)]


def references(root):
    return sorted({str(each.reference) for each in scan([root], SCAN, MEANS).occurrences})


@pytest.mark.parametrize(
    ("path", "setting"),
    [
        (PROPERTIES, "hub.image.name.prefix = r.example.com/hub/\n"),
        (
            ".github/workflows/a.yml",
            "on: push\nenv:\n  TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX: r.example.com/hub/\n"
            "jobs: {a: {runs-on: x, steps: [{run: mvn verify}]}}\n",
        ),
        (".env", "TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX=r.example.com/hub/\n"),
    ],
)
def test_images_of_tests_are_called_with_the_prefix_that_is_set(tmp_path, path, setting):
    write(tmp_path, {**FILES, path: setting})
    assert references(tmp_path) == [
        "r.example.com/hub/confluentinc/cp-kafka:7.6.0",
        "r.example.com/hub/localstack/localstack:3",
    ]


@pytest.mark.parametrize(
    ("prefix", "name"),
    [("r.example.com/hub", "r.example.com/hub/acme/db:1"), ("r.example.com/", "r.example.com/acme/db:1")],
)
def test_slash_between_prefix_and_name_is_put_by_all_but_the_jvm(tmp_path, prefix, name):
    go = 'package a\nvar r = testcontainers.ContainerRequest{Image: "acme/db:1"}\n'
    write(tmp_path, {"a_test.go": go, ".env": f"TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX={prefix}\n"})
    assert references(tmp_path) == [name]


def test_prefix_that_is_not_known_changes_no_name(tmp_path):
    write(tmp_path, {**FILES, ".env": "TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX=$MIRROR/\n"})
    assert "docker.io/localstack/localstack:3" in references(tmp_path)


def test_name_with_a_registry_keeps_it(tmp_path):
    tests = TESTS.replace("localstack/localstack:3", "ghcr.io/acme/db:1")
    write(tmp_path, {f"{FOLDER}/java/A.java": tests, PROPERTIES: "hub.image.name.prefix=r.example.com/\n"})
    assert "ghcr.io/acme/db:1" in references(tmp_path)
