"""Molecule: images of platforms."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._patterns import matcher
from planner.formats.molecule import FORMAT

PATH = "molecule/default/molecule.yml"


def found(platform, driver="docker"):
    return extracted("molecule", f"driver: {{name: {driver}}}\nplatforms: [{platform}]\n", PATH)


@pytest.mark.parametrize(
    ("platform", "reference"),
    [
        ("{name: a, image: 'centos:8'}", "docker.io/library/centos:8"),
        ("{name: a, image: 'centos:8', pre_build_image: true}", "docker.io/library/centos:8"),
        ("{name: a, image: 'centos:8', registry: {url: quay.io}}", "quay.io/centos:8"),
        ("{name: a, image: 'q.io/c:8', pre_build_image: true, registry: {url: q.io}}", "q.io/c:8"),
        (
            "{name: a, image: 'geerlingguy/docker-${D:-rocky9}-ansible'}",
            "docker.io/geerlingguy/docker-rocky9-ansible",
        ),
    ],
)
def test_image_of_a_platform(platform, reference):
    assert found(platform).roles == [(reference, "test")]


def test_a_variable_without_default_is_told():
    assert [text for text, _ in found("{name: a, image: 'a:${D}'}").unresolved] == ["a:${D}"]


@pytest.mark.parametrize("driver", ["vagrant", "ec2", "openstack"])
def test_virtual_machines_have_disks(driver):
    assert found("{name: a, image: 'ubuntu/jammy64'}", driver).found == []


def test_platforms_are_handed_to_the_playbooks_beside():
    [(target, format_, values)] = found("{name: a, image: 'centos:8'}").bindings
    assert (target, format_, values["play molecule_yml.platforms.0.image"]) == (
        "molecule/default/**",
        "ansible",
        "centos:8",
    )


@pytest.mark.parametrize("path", [PATH, "roles/x/molecule/a/molecule.yaml"])
def test_names_of_files(path):
    assert matcher(FORMAT.patterns).search(path)


@given(
    st.lists(st.sampled_from(["{", "}", "image: ", "${", "a:1", ", ", "registry: ", "'", "\n", "[", "&a "]))
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    for item in found("".join(tokens)).items:
        assert getattr(item, "start", 0) >= 0
