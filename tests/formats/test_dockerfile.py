"""Dockerfile: stages, COPY, RUN, ONBUILD, and what is wrong with them."""

import pytest

from planner.formats._base import Candidate
from planner.formats.dockerfile import extract
from planner.model.inventory import Confidence, Role
from planner.model.reference import spans
from planner.model.source import SourceFile, Text
from planner.scanning.catalog import chosen


def candidates(text: str, path: str = "Dockerfile", **given: str) -> list[Candidate]:
    return list(extract(SourceFile(path, text), {n: Text.at(0, v, "compose.yaml") for n, v in given.items()}))


def found(text: str, path: str = "Dockerfile") -> list[str]:
    return [str(each.value) for each in candidates(text, path) if not each.problem]


def problems(text: str, path: str = "Dockerfile") -> list[str]:
    return [each.spelled for each in candidates(text, path) if each.problem]


def reasons(text: str) -> str:
    return "\n".join(each.problem for each in candidates(text) if each.problem)


# FROM and stages


def test_from_names_a_base():
    (candidate,) = candidates("FROM nginx:1.27 AS web\n")
    assert candidate == Candidate(Text.at(5, "nginx:1.27"), Role.BASE, 5, "nginx:1.27", Confidence.CERTAIN)


def test_flags_of_from_are_passed_over():
    assert found("FROM --platform=$BUILDPLATFORM -- alpine:3 AS b\n") == ["alpine:3"]


@pytest.mark.parametrize(
    ("line", "spelled"),
    [
        ("FROM alpine:3 # base image", "alpine:3"),
        ("FROM alpine:3 AS", "alpine:3"),
        ("FROM alpine:3 AS b c", "alpine:3"),
        ("FROM alpine:3 IS b", "alpine:3"),
        ("FROM", ""),
        ("FROM --platform linux/amd64 alpine:3", "alpine:3"),
        ("FROM --platform=a --platform=b alpine:3", "alpine:3"),
        ("FROM --foo=a alpine:3", "alpine:3"),
        ("FROM alpine:3 AS 1st", "alpine:3"),
        ("FROM ${X:-a b}", "${X:-a b}"),
        ("FROM nginx:${V:?need V}-x", "nginx:${V:?need V}-x"),
    ],
)
def test_from_that_buildkit_refuses_is_a_problem_of_its_line(line, spelled):
    text = f"FROM busybox:1\n{line}\nFROM redis:7\n"
    assert (problems(text), found(text)) == ([spelled], ["busybox:1", "redis:7"])


def test_comment_after_from_is_told_as_such():
    assert "a comment needs a line of its own" in reasons("FROM alpine:3 # base\n")


def test_stage_is_no_image():
    assert found("FROM alpine:3 AS Build\nFROM build AS next\nFROM next\n") == ["alpine:3"]


def test_stage_name_is_lower_case_for_from():
    assert found("FROM alpine:3 AS Build\nFROM Build\n") == ["alpine:3", "Build"]


def test_stage_of_a_refused_from_is_no_image():
    assert found("FROM alpine:3 AS base # c\nFROM base\n") == []


def test_stage_may_carry_the_name_of_its_image():
    assert found("FROM alpine AS alpine\nFROM alpine\n") == ["alpine"]


def test_later_stage_is_no_stage_for_from():
    assert found("FROM base\nFROM alpine AS base\n") == ["base", "alpine"]


def test_expanded_name_is_looked_up_among_stages():
    assert found("ARG B=build\nFROM alpine AS build\nFROM $B\n") == ["alpine"]


def test_name_with_an_unknown_variable_that_a_stage_fits_is_a_stage():
    stages = "FROM alpine AS cross-arm64\nFROM alpine AS cross-amd64\n"
    assert found(f"{stages}FROM cross-$ARCH AS out\n") == ["alpine", "alpine"]
    assert reasons(f"{stages}FROM cross-$ARCH\n") == ""
    for base in ("$ARCH", "other-$ARCH"):
        assert len(reasons(f"{stages}FROM {base}\n").splitlines()) == 1


def test_scratch_is_empty_only_when_bare_and_lower_case():
    assert found("FROM scratch\nFROM scratch:latest\nFROM docker.io/library/scratch\n") == [
        "scratch:latest",
        "docker.io/library/scratch",
    ]


def test_stage_called_scratch_hides_scratch():
    assert found("FROM alpine AS scratch\nFROM scratch\n") == ["alpine"]


def test_every_stage_is_reported_whether_it_is_reached_or_not():
    assert found("FROM a:1 AS a\nFROM b:1 AS b\nFROM c:1\n") == ["a:1", "b:1", "c:1"]


# COPY and ADD


@pytest.mark.parametrize("value", ["nginx:1", '"nginx:1"', "'nginx:1'", "ngi\\nx:1", 'ng"in"x:1'])
def test_copy_takes_from_an_image(value):
    assert found(f"FROM a\nCOPY --chown=1:1 --from={value} /a /b\n") == ["a", "nginx:1"]


def test_copy_from_has_its_role_and_place():
    text = "FROM a\nCOPY --from=nginx:1 /a /b\n"
    candidate = candidates(text)[1]
    assert (candidate.role, candidate.start) == (Role.COPY_FROM, text.index("nginx"))


@pytest.mark.parametrize("name", ["b", "B", "0", "+0", "00", "scratch", '""'])
def test_copy_from_a_stage_or_nothing_is_no_image(name):
    assert found(f"FROM a AS B\nCOPY --from={name} /a /b\n") == ["a"]


def test_copy_knows_later_stages():
    text = "FROM a\nCOPY --from=late /a /b\nFROM c AS late\n"
    assert (found(text), problems(text)) == (["a", "c"], [])


def test_copy_from_with_json_sources():
    assert found('FROM a\nCOPY --from=nginx:1 ["a", "b"]\n') == ["a", "nginx:1"]


def test_flag_after_the_first_argument_is_an_argument():
    assert found("FROM a\nCOPY x --from=nginx:1 /b\nCOPY -- --from=nginx:1 /b\n") == ["a"]


def test_word_that_begins_with_a_quote_is_no_flag():
    assert found('FROM a\nCOPY "--from=nginx:1" /a /b\n') == ["a"]


@pytest.mark.parametrize("value", ["nginx:$X", "${X:-nginx}", "nginx:$X$Y", "'\"nginx\"'"])
def test_copy_from_does_not_expand(value):
    assert "does not expand variables" in reasons(f"ARG X=1\nFROM a\nCOPY --from={value} /a /b\n")


@pytest.mark.parametrize(
    ("flags", "spelled"),
    [
        ("COPY --from=nginx:1 --from=b", "nginx:1"),
        ("COPY --foo --from=nginx:1", "nginx:1"),
        ("COPY --From=nginx:1", "--From=nginx:1"),
        ("COPY --from nginx:1", "--from"),
        ("ADD --from=nginx:1", "nginx:1"),
        ("RUN --mount", "--mount"),
    ],
)
def test_unknown_and_repeated_flags_are_problems(flags, spelled):
    text = f"FROM a\n{flags} /a /b\n"
    assert (found(text), problems(text)) == (["a"], [spelled])


def test_add_takes_nothing_from_images():
    assert found("FROM a\nADD https://example.com/nginx:1 /b\nADD --checksum=x --link nginx:1 /b\n") == ["a"]


def test_copy_above_the_first_from_is_a_problem():
    assert problems("ARG X\nCOPY --from=nginx:1 /a /b\nFROM a\n") == ["nginx:1"]


# RUN


@pytest.mark.parametrize(
    "mount",
    [
        "type=bind,from=nginx:1,target=/x",
        "FROM=nginx:1,TYPE=Cache",
        "target=/x,from=nginx:1",
        '"type=bind,from=nginx:1"',
        '\\"from=nginx:1\\",target=/x',
        "'\"target=/a,b\",from=nginx:1'",
        "from=busybox,from=nginx:1",
        "from=nginx:1,type=$T",
        "readonly,from=nginx:1",
    ],
)
def test_mount_takes_from_an_image(mount):
    assert found(f"FROM a\nRUN --network=none --mount={mount} ls\n") == ["a", "nginx:1"]


def test_every_mount_counts():
    text = "FROM a\nRUN --mount=from=b,target=/b \\\n  # c\n  --mount=from=c,target=/c ls --mount=from=d\n"
    assert found(text) == ["a", "b", "c"]


def test_mount_from_a_stage_is_no_image():
    assert found("FROM a AS One\nRUN --mount=from=oNE ls\nRUN --mount=from=scratch --mount=from= ls\n") == [
        "a"
    ]


def test_mount_has_no_numbers_for_stages():
    assert found("FROM a\nRUN --mount=from=0,target=/x ls\n") == ["a", "0"]


@pytest.mark.parametrize(
    ("mount", "spelled"),
    [
        ("from=nginx:$V", "nginx:$V"),
        ("type=secret,from=nginx:1", "nginx:1"),
        ("type=volume,from=nginx:1", "nginx:1"),
    ],
)
def test_mount_that_buildkit_refuses_is_a_problem(mount, spelled):
    text = f"FROM a\nRUN --mount={mount} ls\n"
    assert (found(text), problems(text)) == (["a"], [spelled])


def test_what_run_runs_is_not_read():
    assert found("FROM a\nRUN docker run nginx:1 --mount=from=b\n") == ["a"]


# ONBUILD


def test_onbuild_is_less_sure():
    text = "FROM a\nONBUILD COPY --from=nginx:1 /a /b\nONBUILD RUN --mount=from=redis:7 ls\n"
    assert [(str(c.value), c.role, c.confidence) for c in candidates(text)[1:]] == [
        ("nginx:1", Role.COPY_FROM, Confidence.HEURISTIC),
        ("redis:7", Role.MOUNT, Confidence.HEURISTIC),
    ]


@pytest.mark.parametrize("trigger", ["FROM b", "from b AS c", "ONBUILD COPY --from=b / /", "MAINTAINER me"])
def test_onbuild_does_not_allow_everything(trigger):
    text = f"FROM a\nONBUILD {trigger}\n"
    assert (found(text), problems(text)) == (["a"], [trigger])


def test_onbuild_is_read_again_with_the_usual_escape_character():
    assert found("# escape=`\nFROM a\nONBUILD COPY --from=ngi\\nx:1 /a /b\n") == ["a", "nginx:1"]


# mistakes


def test_unknown_instruction_is_a_problem_and_the_rest_counts():
    text = "FROM a\nRUNN x\ny\nFROM\u00a0b\nFROM c\n"
    assert (found(text), problems(text)) == (["a", "c"], ["RUNN x"])


# places


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"# base\r\nFROM  nginx:1@sha256:{'a' * 64}  AS web\r\n", "nginx"),
        ('FROM "alpine:3"\r\n', "alpine"),
        ("ARG BASE=node:20\nFROM $BASE AS a\nFROM ${BASE} AS b\n", "node"),
        ("FROM ${B:-debian:12}\n", "debian"),
        ("FROM scratch\nCOPY --from='redis:7' / /\n", "redis"),
        ('FROM scratch\nRUN --mount="type=bind,from=redis:7" ls\n', "redis"),
    ],
)
def test_repository_is_found_where_it_is_written(text, name):
    places = set()
    for candidate in candidates(text):
        repository = spans(str(candidate.value))[1]
        places |= {run.start for run in candidate.value.cut(repository.start, repository.stop).runs}
    assert places == {text.index(name)}


# Named contexts


def with_contexts(text, *names):
    given = {f"--build-context {name}": Text.of("target:x") for name in names}
    return [(str(each.value), each.role) for each in extract(SourceFile("Dockerfile", text), given)]


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("base", "base"),
        ("base", "base:latest"),
        ("base", "docker.io/library/base"),
        ("docker.io/library/base:latest", "base"),
        ("index.docker.io/acme/base:1", "acme/base:1"),
        ("alpine:3.19", "${V:-alpine}:3.19"),
        ("ghcr.io/acme/base", "ghcr.io/acme/base:latest"),
    ],
)
def test_context_takes_the_place_of_an_image(name, base):
    text = f"FROM {base}\nFROM scratch\nCOPY --from=busybox:1 / /\n"
    assert with_contexts(text, name) == [("busybox:1", Role.COPY_FROM)]


@pytest.mark.parametrize(
    ("name", "base"),
    [("base", "base:1"), ("base:1", "base"), ("base", "acme/base"), ("Base", "base"), ("x", "base")],
)
def test_context_of_another_name_takes_the_place_of_nothing(name, base):
    assert with_contexts(f"FROM {base}", name) == [(base, Role.BASE)]


def test_context_takes_the_place_of_what_copy_and_run_take_from():
    text = "FROM x\nCOPY --from=src / /\nRUN --mount=from=library/src a\nONBUILD COPY --from=src / /\n"
    assert with_contexts(text, "src") == [("x", Role.BASE)]


def test_stage_of_the_name_of_a_context_is_not_built():
    text = "FROM a AS Tools\nCOPY --from=b / /\nRUN --mount=from=c true\nFROM tools\nCOPY --from=d / /\n"
    assert with_contexts(text, "tools") == [("d", Role.COPY_FROM)]


def test_context_that_is_called_as_buildkit_s_own_counts_for_nothing():
    assert with_contexts("FROM context\nFROM scratch\n", "context", "scratch") == [("context", Role.BASE)]


@pytest.mark.parametrize("path", ["DemoDockerfile", "a/TestContainerfile", "webdockerfile"])
def test_name_may_end_in_dockerfile_without_a_sign_between(path):
    assert found("FROM alpine:3\n", path) == ["alpine:3"]
    assert "dockerfile" in chosen().readers(path)
