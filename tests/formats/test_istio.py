"""Istio: images made of a hub, a bare name and a tag; what is installed without being named."""

from pathlib import Path

import pytest

from planner.scan import scan

OPERATOR = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n"
SAIL = "apiVersion: sailoperator.io/v1\nkind: {}\nspec:\n"


def images(folder: Path, text: str, path: str = "istio.yaml") -> set[str]:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)
    found = scan([folder]).occurrences
    for each in found:
        for fragment in each.fragments:
            assert text[fragment.start : fragment.end] == fragment.text
    return {f"{each.role}: {str(each.reference).removeprefix('docker.io/istio/')}" for each in found}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("  hub: docker.io/istio\n  tag: 1.2.3\n", {"implicit: pilot:1.2.3", "implicit: proxyv2:1.2.3"}),
        (
            "  profile: ambient\n  hub: docker.io/istio\n  tag: 1.2.3\n",
            {f"implicit: {name}:1.2.3" for name in ("pilot", "proxyv2", "ztunnel", "install-cni")},
        ),
        (
            "  profile: empty\n  hub: docker.io/istio\n  tag: 1.2.3\n  components: {cni: {enabled: true}}\n",
            {"implicit: install-cni:1.2.3"},
        ),
        (
            "  hub: docker.io/istio\n  tag: 1.2.3\n  values:\n    global: {proxy: {image: proxyv2}}\n"
            "    pilot: {image: pilot, tag: 1.2.4}\n",
            {"workload: proxyv2:1.2.3", "workload: pilot:1.2.4"},
        ),
        (
            "  values:\n    global: {hub: docker.io/istio, tag: 1.2.3}\n    pilot: {image: q.io/a/pilot}\n",
            {"workload: q.io/a/pilot", "implicit: proxyv2:1.2.3"},
        ),
        ("  profile: default\n", set()),
    ],
)
def test_images_of_an_operator(tmp_path: Path, spec: str, expected: set[str]):
    assert images(tmp_path, OPERATOR + spec) == expected


@pytest.mark.parametrize(
    ("kind", "names"),
    [("Istio", ("pilot", "proxyv2")), ("IstioCNI", ("install-cni",)), ("ZTunnel", ("ztunnel",))],
)
def test_images_of_the_sail_operator(tmp_path: Path, kind: str, names: tuple[str, ...]):
    text = SAIL.format(kind) + "  values:\n    global:\n      hub: docker.io/istio\n      tag: 1.2.3\n"
    assert images(tmp_path, text) == {f"implicit: {name}:1.2.3" for name in names}


def test_bare_name_in_the_values_of_a_release_goes_behind_the_hub(tmp_path: Path):
    text = (
        "global:\n  hub: docker.io/istio\n  tag: 1.2.3\npilot:\n  image: pilot\ncni: {image: quay.io/a/b:1}\n"
    )
    assert images(tmp_path, text, "values.yaml") == {"workload: pilot:1.2.3", "workload: quay.io/a/b:1"}


def test_hub_that_is_no_place_of_images_is_none(tmp_path: Path):
    assert images(tmp_path, "global: {hub: east, tag: 1.2.3}\nweb: {image: nginx}\n", "values.yaml") == {
        "workload: docker.io/library/nginx"
    }
