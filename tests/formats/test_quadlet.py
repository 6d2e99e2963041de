"""Quadlet: images of units, names of other units, and short names."""

import pytest
from extracted import extracted

from planner.model.inventory import Confidence


def found(text, path="web.container"):
    return extracted("quadlet", text, path)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("[Container]\nImage=docker.io/a:1\n", "workload"),
        ("[Container]\nImage = docker://docker.io/a:1\n", "workload"),
        ("[Image]\nImage=docker.io/a:1\n", "workload"),
        ("[Volume]\nDriver=image\nImage=docker.io/a:1\n", "mount"),
        ("[Container]\nMount=type=image,source=docker.io/a:1,destination=/x\n", "mount"),
        ("[Pod]\nPodmanArgs=--infra-image docker.io/a:1\n", "workload"),
        ("[Container]\nImage=docker.io/a:${V}\n[Service]\nEnvironment=V=1\n", "workload"),
        ("[Service]\nExecStartPre=/usr/bin/podman pull docker.io/a:1\n", "script"),
    ],
)
def test_image_of_a_unit(text, role):
    assert found(text).roles == [("docker.io/library/a:1", role)]


@pytest.mark.parametrize(
    "value",
    ["x.image", "x.build", "oci-archive:/x.tar", "dir:/x", "containers-storage:x", "docker-archive:x"],
)
def test_no_image(value):
    assert found(f"[Container]\nImage={value}\n").items == ()


def test_short_name_is_likely_one_of_docker_hub():
    (short,) = found("[Container]\nImage=nginx:1\n").occurrences
    assert (str(short.reference), short.confidence) == ("docker.io/library/nginx:1", Confidence.HEURISTIC)
    assert "short name" in short.trail[0]


def test_full_name_is_certain():
    (full,) = found("[Container]\nImage=quay.io/a/b:1\n").occurrences
    assert (full.confidence, full.trail) == (Confidence.CERTAIN, ())


def test_name_that_a_unit_builds_is_an_output():
    assert found("[Build]\nImageTag=localhost/a:1\n", "a.build").outputs == ["localhost/a:1"]


def test_build_gives_values_to_its_containerfile():
    text = "[Build]\nFile=docker/Containerfile\nPodmanArgs=--build-arg V=1\n"
    assert found(text, "units/a.build").bindings == [("units/docker/Containerfile", "dockerfile", {"V": "1"})]


def test_instance_of_a_template_is_not_known():
    ((text, reason),) = found("[Container]\nImage=docker.io/a:%i\n").unresolved
    assert (text, "%i" in reason) == ("docker.io/a:%i", True)


LONG = " ".join(f"-e X{number}=aaaaaaaaaaaa" for number in range(1200))


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("Container", "Image", "docker.io/a:${V}" + "a" * 20_000),
        ("Container", "Mount", "type=image,source=docker.io/a:${V}," + "a" * 20_000),
        ("Pod", "PodmanArgs", f"{LONG} --infra-image=docker.io/a:${{V}}"),
        ("Build", "ImageTag", "docker.io/a:${V}" + "a" * 20_000),
        ("Build", "BuildArg", "A=docker.io/a:${V}" + "a" * 20_000),
    ],
)
def test_value_that_is_too_long_to_be_filled_in_is_told_with_the_reason(section, key, value):
    told = found(f"[Service]\nEnvironment=V=1\n[{section}]\n{key}={value}\n", "web.pod")
    ((text, reason),) = told.unresolved
    assert text == value[:80]
    assert reason.startswith(f"{key} has {len(value)} characters, and variables are filled in up to 20000")
    assert (told.occurrences, told.bindings) == ([], [])


def test_value_that_is_long_and_has_no_variables_is_read():
    args = f"{LONG} --infra-image=docker.io/a:1"
    assert found(f"[Pod]\nPodmanArgs={args}\n", "web.pod").pulled == ["docker.io/library/a:1"]


def test_quotes_around_an_image_are_no_part_of_it():
    assert found('[Container]\nImage="quay.io/a/b:1"\n', "a.container").pulled == ["quay.io/a/b:1"]
