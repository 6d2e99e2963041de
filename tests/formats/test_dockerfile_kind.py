"""Dockerfile: which files are Dockerfiles, and templates of them."""

import pytest

from planner.formats._base import Candidate
from planner.formats._patterns import matcher
from planner.formats.dockerfile import FORMAT, extract
from planner.model.source import SourceFile, Text


def candidates(text: str, path: str = "Dockerfile", **given: str) -> list[Candidate]:
    return list(extract(SourceFile(path, text), {n: Text.at(0, v, "compose.yaml") for n, v in given.items()}))


def found(text: str, path: str = "Dockerfile") -> list[str]:
    return [str(each.value) for each in candidates(text, path) if not each.problem]


def problems(text: str, path: str = "Dockerfile") -> list[str]:
    return [each.spelled for each in candidates(text, path) if each.problem]


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile",
        "a/dockerfile",
        "Containerfile",
        "a/Dockerfile.dev",
        "app.Dockerfile",
        "app.dockerfile",
        "Dockerfile-dev",
        "Dockerfile_dev",
        "dev-Dockerfile",
        "Containerfile.in",
        "a/.Dockerfile",
        "web.Dockerfile.tmpl",
        "web.Containerfile.j2",
        "Dockerfiles/app",
    ],
)
def test_names_of_dockerfiles(path):
    assert matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize(
    "path", ["web-Dockerfile.approved.txt", "web.Dockerfile.dockerignore", "a.dockerfile.md"]
)
def test_names_of_what_is_kept_beside_dockerfiles(path):
    assert not matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile.md", "# Title\n\nHow to build.\n\n```dockerfile\nFROM nginx\n```\n"),
        ("Dockerfile.md", "FROM now on\n"),
        ("dockerfile_test.go", "package dockerfile\n\nconst x = `\nFROM nginx\n`\n"),
        ("dockerfile_test.py", "from x import y\nFROM = 1\n"),
        ("Dockerfile.yml", "from:\n  - nginx\n"),
        ("Dockerfile.txt", "arg nothing\n"),
        ("Dockerfile.common", "apt-get install x\nCOPY --from=nginx a b\n"),
        ("-", "apiVersion: v1\n"),
        ("Dockerfile", ""),
        ("Dockerfile", "# nothing\n"),
    ],
)
def test_what_is_no_dockerfile_gives_nothing(path, text):
    assert candidates(text, path) == []


@pytest.mark.parametrize("path", ["-", "Dockerfile.dev", "any.txt", "DOCKERFILE"])
def test_content_tells_a_dockerfile(path):
    assert found("# c\nARG V=1\nFrOm nginx:$V\n", path) == ["nginx:1"]


@pytest.mark.parametrize("path", ["Dockerfile", "a/Containerfile", "app.dockerfile"])
def test_file_of_that_very_name_is_one_even_with_a_mistake(path):
    assert problems("FRON nginx\n", path) == ["FRON nginx"]


def test_mistake_in_a_shouted_from_is_reported_under_any_name():
    assert problems("FROM nginx # c\n", "Dockerfile.dev") == ["nginx"]


# templates


@pytest.mark.parametrize(
    ("line", "spelled"),
    [
        ("FROM {{ base }} AS x", "{{ base }}"),
        ("FROM nginx:{{ tag }}", "nginx:{{ tag }}"),
        ("FROM <%= base %>", "<%= base %>"),
        ("FROM ${{ env.BASE }}", "${{ env.BASE }}"),
        ("FROM a\nCOPY --from={{ x }} / /", "{{ x }}"),
        ("FROM a\nRUN --mount=from={{ x }},target=/ ls", "{{ x }}"),
        ("ARG V={{ x }}\nFROM nginx:$V", "nginx:$V"),
        ("# syntax={{ x }}\nFROM a", "{{ x }}"),
    ],
)
def test_template_is_unresolved(line, spelled):
    assert problems(f"{line}\n", "Dockerfile.j2") == [spelled]


@pytest.mark.parametrize(
    "action",
    [
        '{{\n\tdef version:\n\t\tenv.variant | ltrimstr("alpine")\n-}}\n',
        "{%- set x =\n  RUN -%}\n",
        "{#\nFROM b\n#}\n",
    ],
)
def test_action_of_a_template_may_go_on_over_lines(action):
    text = f"{action}FROM a:1\n{action}RUN x\n"
    assert (found(text, "Dockerfile.template"), problems(text, "Dockerfile.template")) == (["a:1"], [])


def test_action_that_does_not_end_hides_nothing():
    assert found("FROM a:1\n{{ x\nFROM b\n{{ y }}\n", "Dockerfile.template") == ["a:1", "b"]


def test_action_may_follow_the_name_of_a_stage():
    text = "FROM {{ base }} AS web{{if debug:\nARG X}}\nFROM a\nCOPY --from=web / /\n"
    assert (found(text, "Dockerfile.linux"), problems(text, "Dockerfile.linux")) == (["a"], ["{{ base }}"])


def test_lines_of_a_template_are_no_instructions():
    text = "{% if x %}\nFROM a\n{%- else %}\nFROM b\n{% endif %}\n{{ c }}\n{% if y %}COPY --from=c d e"
    assert (found(text), problems(text)) == (["a", "b", "c"], [])
