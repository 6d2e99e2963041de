"""Ryuk: the projects that use Testcontainers, and the settings that name another image for it."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.model.inventory import Unresolved
from planner.scan import scan

POM = "<project>{}</project>"
DEPENDENCY = "<dependency><groupId>org.testcontainers</groupId><artifactId>mysql</artifactId></dependency>"
USES = [
    ("pom.xml", POM.format(f"<dependencies>{DEPENDENCY}</dependencies>"), "org.testcontainers"),
    (
        "pom.xml",
        POM.format(f"<profiles><profile><dependencies>{DEPENDENCY}</dependencies></profile></profiles>"),
        "org.testcontainers",
    ),
    (
        "build.gradle",
        'dependencies { testImplementation "org.testcontainers:mysql:1.19" }',
        "org.testcontainers:mysql:1.19",
    ),
    ("build.gradle", "testCompile group: 'org.testcontainers', name: 'mysql'", "org.testcontainers"),
    (
        "build.gradle.kts",
        'dependencies { testImplementation("org.testcontainers:mysql") }',
        "org.testcontainers:mysql",
    ),
    (
        "gradle/libs.versions.toml",
        '[libraries]\na = { module = "org.testcontainers:mysql" }\n',
        "org.testcontainers:mysql",
    ),
    (
        "gradle/libs.versions.toml",
        '[libraries]\na = { group = "org.testcontainers", name = "b" }\n',
        "org.testcontainers",
    ),
    ("build.sbt", 'libraryDependencies += "org.testcontainers" % "mysql" % "1.19"', "org.testcontainers"),
    ("build.sbt", 'Seq("com.dimafeng" %% "testcontainers-scala-mysql" % V)', "com.dimafeng"),
    ("package.json", '{"devDependencies": {"testcontainers": "^10"}}', "testcontainers"),
    ("package.json", '{"devDependencies": {"@testcontainers/mysql": "10"}}', "@testcontainers/mysql"),
    (
        "go.mod",
        "module a\n\nrequire (\n\tgithub.com/testcontainers/testcontainers-go v0.30.0\n)\n",
        "github.com/testcontainers/testcontainers-go",
    ),
    (
        "go.mod",
        "require github.com/testcontainers/testcontainers-go/modules/mysql v0.30.0\n",
        "github.com/testcontainers/testcontainers-go",
    ),
    ("requirements-dev.txt", "pytest\ntestcontainers[mysql]==4.1 # tests\n", "testcontainers"),
    ("setup.py", 'setup(install_requires=["testcontainers>=4"])', "testcontainers"),
    ("setup.cfg", "[options.extras_require]\ntest =\n  testcontainers\n", "testcontainers"),
    (
        "pyproject.toml",
        '[project]\ndependencies = ["testcontainers[mysql] >= 4"]\n',
        "testcontainers[mysql] >= 4",
    ),
    ("pyproject.toml", '[dependency-groups]\ntest = ["testcontainers"]\n', "testcontainers"),
    ("pyproject.toml", '[tool.poetry.group.dev.dependencies]\ntestcontainers = "^4"\n', "^4"),
    ("Pipfile", '[dev-packages]\ntestcontainers = "*"\n', "*"),
    (
        "A.csproj",
        '<Project><ItemGroup><PackageReference Include="Testcontainers.MsSql" /></ItemGroup></Project>',
        "Testcontainers.MsSql",
    ),
]
NO_USES = [
    (
        "pom.xml",
        POM.format(f"<dependencyManagement><dependencies>{DEPENDENCY}</dependencies></dependencyManagement>"),
    ),
    ("pom.xml", POM.format(f"<!-- <dependencies>{DEPENDENCY}</dependencies> -->")),
    ("build.gradle", '// testImplementation "org.testcontainers:mysql:1.19"'),
    ("build.gradle", 'implementation("a:b") { exclude group: "org.testcontainers" }'),
    ("build.gradle", 'group = "org.testcontainers"\ndescription = "Testcontainers"'),
    ("build.gradle", 'mavenBom "org.testcontainers:testcontainers-bom:1.19"'),
    ("build.sbt", '// "org.testcontainers" % "mysql" % "1.19"'),
    ("package.json", '{"name": "testcontainers", "keywords": ["testcontainers"]}'),
    ("package.json", '{"dependencies": {"testcontainers-like": "1"}}'),
    ("go.mod", "require (\n\tgithub.com/testcontainers/testcontainers-go v0.30.0 // indirect\n)\n"),
    ("go.mod", "module github.com/testcontainers/testcontainers-go\n"),
    ("requirements.txt", "# testcontainers\nnot-testcontainers==1\n"),
    ("pyproject.toml", '[project]\nname = "testcontainers"\ndescription = "testcontainers"\n'),
    ("setup.py", 'setup(name="testcontainers-like")'),
    ("A.csproj", '<Project><PackageVersion Include="Testcontainers" Version="3" /></Project>'),
    ("a.yaml", "testcontainers: true\n"),
]


@pytest.mark.parametrize(("path", "text", "spelled"), USES)
def test_project_that_uses_testcontainers_pulls_ryuk(path, text, spelled):
    found = extracted("ryuk", text, path)
    ((told, reason),) = found.unresolved
    (item,) = (each for each in found.items if getattr(each, "problem", ""))
    assert (found.pulled, told) == ([], spelled)
    assert text[item.start : item.start + len(spelled)] == spelled
    assert reason.startswith("docker.io/testcontainers/ryuk is pulled, in a version that the installed")
    assert " to move it" in reason


@pytest.mark.parametrize(("path", "text"), NO_USES)
def test_project_that_only_mentions_testcontainers_pulls_nothing(path, text):
    found = extracted("ryuk", text, path)
    assert (found.pulled, found.unresolved) == ([], [])


def told(folder, files):
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    found = scan([folder]).found
    return [
        each.path for each in found if isinstance(each, Unresolved) and "testcontainers/ryuk" in each.reason
    ]


REQUIREMENTS = "testcontainers==4\n"


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["requirements.txt", "requirements-dev.txt"], ["requirements.txt"]),
        (["requirements.txt", "a/requirements.txt", "a/b/requirements.txt"], ["requirements.txt"]),
        (["a/requirements.txt", "b/requirements.txt"], ["a/requirements.txt", "b/requirements.txt"]),
    ],
)
def test_ryuk_is_told_once_for_each_project(tmp_path, paths, expected):
    assert told(tmp_path, dict.fromkeys(paths, REQUIREMENTS)) == expected


def test_modules_of_one_parent_are_one_project(tmp_path):
    module = POM.format(
        f"<parent><artifactId>p</artifactId></parent><dependencies>{DEPENDENCY}</dependencies>"
    )
    assert told(tmp_path, {"a/pom.xml": module, "b/pom.xml": module}) == ["b/pom.xml"]


def test_modules_beside_their_parent_are_one_project(tmp_path):
    module = POM.format(
        "<parent><relativePath>../parent/pom.xml</relativePath></parent>"
        f"<dependencies>{DEPENDENCY}</dependencies>"
    )
    assert told(tmp_path, {"x/a/pom.xml": module, "x/b/pom.xml": module}) == ["x/b/pom.xml"]


def test_projects_of_two_languages_each_pull_ryuk(tmp_path):
    files = {
        "requirements.txt": REQUIREMENTS,
        "web/package.json": '{"devDependencies": {"testcontainers": "1"}}',
    }
    assert told(tmp_path, files) == ["requirements.txt", "web/package.json"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".github/workflows/a.yml", "env:\n  TESTCONTAINERS_RYUK_CONTAINER_IMAGE: r.io/ryuk:1\n"),
        (".github/workflows/a.yml", "env:\n  TESTCONTAINERS_RYUK_DISABLED: 'true'\n"),
        (".gitlab-ci.yml", "variables:\n  TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX: ${PROXY}/\n"),
        ("src/test/resources/testcontainers.properties", "ryuk.container.image = r.io/ryuk:1\n"),
        (".testcontainers.properties", "hub.image.name.prefix=r.io/\n"),
        ("pom.xml", "<p><TESTCONTAINERS_RYUK_DISABLED>true</TESTCONTAINERS_RYUK_DISABLED></p>"),
        ("build.gradle", "test { environment 'TESTCONTAINERS_RYUK_DISABLED', 'true' }"),
        ("Makefile", "test:\n\tTESTCONTAINERS_RYUK_DISABLED=true pytest\n"),
        ("k8s.yaml", "env:\n- name: TESTCONTAINERS_RYUK_DISABLED\n  value: 'true'\n"),
        (".env", "RYUK_CONTAINER_IMAGE=$IMAGE\n"),
    ],
)
def test_setting_that_moves_ryuk_leaves_nothing_to_tell(tmp_path, path, text):
    assert told(tmp_path, {"requirements.txt": REQUIREMENTS, path: text}) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yml", "# TESTCONTAINERS_RYUK_DISABLED: true\n"),
        ("a.yml", "env:\n  TESTCONTAINERS_RYUK_DISABLED: false\n"),
        ("a.sh", 'echo "$TESTCONTAINERS_RYUK_CONTAINER_IMAGE"\n'),
        ("other/a/.env", "TESTCONTAINERS_RYUK_DISABLED=true\n"),
    ],
)
def test_what_is_no_setting_for_the_project_moves_nothing(tmp_path, path, text):
    assert told(tmp_path, {"requirements.txt": REQUIREMENTS, path: text}) == ["requirements.txt"]


@pytest.mark.parametrize(
    "text",
    [
        "env: {RYUK_CONTAINER_IMAGE: 'r.io/ryuk:1'}\n",
        "env:\n  - TESTCONTAINERS_RYUK_CONTAINER_IMAGE=r.io/ryuk:1\n",
        "env:\n- name: TESTCONTAINERS_RYUK_CONTAINER_IMAGE\n  value: r.io/ryuk:1\n",
    ],
)
def test_image_that_is_set_for_ryuk_is_pulled(text):
    assert extracted("ryuk", text, "a.yml").roles == [("r.io/ryuk:1", "test")]


@pytest.mark.parametrize("value", ["${{ vars.RYUK }}", "r.io/${RYUK}", "$RYUK", "ryuk"])
def test_image_for_ryuk_that_is_no_whole_reference_is_not_guessed(value):
    assert extracted("ryuk", f"env:\n  RYUK_CONTAINER_IMAGE: {value}\n", "a.yml").pulled == []


PATHS = st.sampled_from([path for path, *_ in USES] + ["a.yml", "testcontainers.properties"])
PIECES = st.lists(
    st.sampled_from([text for _, text, _ in USES] + ["RYUK_CONTAINER_IMAGE: a/b:1", "<", "{", '"', "\n"])
)


@given(PATHS, st.one_of(st.text(), PIECES.map("".join)))
def test_no_text_makes_it_raise_and_every_run_stands_where_it_says(path, text):
    source = extracted("ryuk", text, path)
    for item in source.items:
        for run in getattr(getattr(item, "value", None), "runs", ()):
            if run.start >= 0:
                assert text[run.start : run.start + len(run.text)] == run.text
