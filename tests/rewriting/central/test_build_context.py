"""Contexts of builds: one more, where a build has some, in the place of what its Dockerfiles build on."""

import pytest
from rewritten import TARGET, centrally

DOCKERFILE = "FROM golang:1.25 AS a\nFROM golang:1.25 AS b\nCOPY --from=golang:1.25 /x /y\n"
CONTEXT = f"docker-image://{TARGET}/library/golang:1.25"
COMPOSE = "services:\n  web:\n    build:\n      context: .\n      additional_contexts:\n        "


@pytest.mark.parametrize(
    ("entry", "more"),
    [
        ("res: ./res\n", f'        "golang:1.25": {CONTEXT}\n'),
        ("- res=./res\n", f"        - golang:1.25={CONTEXT}\n"),
    ],
)
def test_compose_gets_one_more_entry(tmp_path, entry, more):
    compose = COMPOSE + entry
    found, used = centrally(tmp_path, {"compose.yaml": compose, "Dockerfile": DOCKERFILE})
    assert found == {"compose.yaml": compose + more}
    assert used == [("build_context", 3)]


def test_target_that_others_inherit_from_serves_them_all(tmp_path):
    bake = (
        'group "default" { targets = ["a", "b"] }\r\n'
        'target "base" {\r\n  contexts = {\r\n    res = "./res"\r\n  }\r\n}\r\n'
        'target "a" {\r\n  inherits = ["base"]\r\n  context = "a"\r\n}\r\n'
        'target "b" {\r\n  inherits = ["base"]\r\n  context = "b"\r\n}\r\n'
    )
    files = {
        "docker-bake.hcl": bake,
        "a/Dockerfile": "FROM golang:1.25\n",
        "b/Dockerfile": "FROM golang:1.25\n",
    }
    found, used = centrally(tmp_path, files)
    entry = f'    res = "./res"\r\n    "golang:1.25" = "{CONTEXT}"\r\n'
    assert found == {"docker-bake.hcl": bake.replace('    res = "./res"\r\n', entry)}
    assert used == [("build_context", 2)]


@pytest.mark.parametrize(
    "other",
    [
        {"build.sh": "docker build -t x .\n"},  # the same file without the context
        {"compose.yaml": f"{COMPOSE}res: ./res\n  other:\n    build: .\n"},
        {"compose.yaml": "services: {web: {build: {context: ., additional_contexts: {res: ./res}}}}\n"},
    ],
)
def test_dockerfile_is_edited_where_a_build_would_not_be_reached(tmp_path, other):
    files = {"compose.yaml": f"{COMPOSE}res: ./res\n", "Dockerfile": DOCKERFILE, **other}
    found, used = centrally(tmp_path, files)
    assert (found["Dockerfile"].count(f"{TARGET}/library/golang"), used) == (3, [])


def test_image_that_is_named_once_is_edited_where_it_is(tmp_path):
    files = {"compose.yaml": f"{COMPOSE}res: ./res\n", "Dockerfile": "FROM golang:1.25\n"}
    assert list(centrally(tmp_path, files)[0]) == ["Dockerfile"]
