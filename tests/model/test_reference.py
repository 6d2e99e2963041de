import pickle
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InvalidReference
from planner.model.reference import Carrier, Reference, spans

HEX = "a" * 64
SHA = f"sha256:{HEX}"
HUB = "docker.io"


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("ubuntu", HUB, "library/ubuntu", None, None),
        ("ubuntu:22.04", HUB, "library/ubuntu", "22.04", None),
        ("library/ubuntu", HUB, "library/ubuntu", None, None),
        ("docker.io/ubuntu", HUB, "library/ubuntu", None, None),
        ("docker.io/library/ubuntu:22.04", HUB, "library/ubuntu", "22.04", None),
        ("index.docker.io/ubuntu", HUB, "library/ubuntu", None, None),
        ("index.docker.io/library/ubuntu", HUB, "library/ubuntu", None, None),
        ("registry-1.docker.io/library/ubuntu", HUB, "library/ubuntu", None, None),
        ("registry-1.docker.io/ubuntu", HUB, "library/ubuntu", None, None),
        ("registry.hub.docker.com/library/ubuntu:22.04", HUB, "library/ubuntu", "22.04", None),
        ("hub.docker.com/r/library/ubuntu", "hub.docker.com", "r/library/ubuntu", None, None),
        ("DOCKER.IO/library/ubuntu", HUB, "library/ubuntu", None, None),
        ("Docker.io/ubuntu", HUB, "library/ubuntu", None, None),
        ("docker.io:443/library/ubuntu", HUB, "library/ubuntu", None, None),
        ("grafana/grafana:10", HUB, "grafana/grafana", "10", None),
        ("library/foo/bar", HUB, "library/foo/bar", None, None),
        ("a/b/c/d:1", HUB, "a/b/c/d", "1", None),
        ("localhost/foo", "localhost", "foo", None, None),
        ("localhost:5000/foo", "localhost:5000", "foo", None, None),
        ("localhost", HUB, "library/localhost", None, None),
        ("localhost:5000", HUB, "library/localhost", "5000", None),
        ("example.com", HUB, "library/example.com", None, None),
        ("example.com:5000", HUB, "library/example.com", "5000", None),
        ("docker.io", HUB, "library/docker.io", None, None),
        ("myhost/foo/bar", HUB, "myhost/foo/bar", None, None),
        ("myhost:5000/foo", "myhost:5000", "foo", None, None),
        ("MyOrg/app", "MyOrg", "app", None, None),
        ("ubuntu:LATEST", HUB, "library/ubuntu", "LATEST", None),
        (f"ubuntu@{SHA}", HUB, "library/ubuntu", None, SHA),
        (f"ubuntu:22.04@{SHA}", HUB, "library/ubuntu", "22.04", SHA),
        (f"ubuntu@sha512:{'b' * 128}", HUB, "library/ubuntu", None, f"sha512:{'b' * 128}"),
        (f"ubuntu@sha384:{'c' * 96}", HUB, "library/ubuntu", None, f"sha384:{'c' * 96}"),
        (f"docker.io/{HEX}", HUB, f"library/{HEX}", None, None),
        (f"ubuntu:{'x' * 128}", HUB, "library/ubuntu", "x" * 128, None),
        ("ubuntu:_x", HUB, "library/ubuntu", "_x", None),
        ("foo--bar", HUB, "library/foo--bar", None, None),
        ("foo__bar", HUB, "library/foo__bar", None, None),
        ("foo.bar", HUB, "library/foo.bar", None, None),
        ("foo.bar/baz", "foo.bar", "baz", None, None),
        ("foo_bar/baz", HUB, "foo_bar/baz", None, None),
        ("foo_bar.com/baz", "", "foo_bar.com/baz", None, None),
        ("1.2.3.4/foo", "1.2.3.4", "foo", None, None),
        ("[::1]:5000/foo:1", "[::1]:5000", "foo", "1", None),
        (f"example.com/{'a' * 255}", "example.com", "a" * 255, None, None),
        ("a" * 247, HUB, "library/" + "a" * 247, None, None),
        ("mirror.gcr.io/ubuntu", "mirror.gcr.io", "ubuntu", None, None),
        ("mirror.gcr.io/library/ubuntu:22.04", "mirror.gcr.io", "library/ubuntu", "22.04", None),
        ("us-docker.pkg.dev/p/r/library/nginx:1", "us-docker.pkg.dev", "p/r/library/nginx", "1", None),
        ("xn--n3h.com/img", "xn--n3h.com", "img", None, None),
        ("0", HUB, "library/0", None, None),
        ("123/456", HUB, "123/456", None, None),
        ("library/library/x", HUB, "library/library/x", None, None),
    ],
)
def test_reference_is_read_as_docker_reads_it(text, registry, repository, tag, digest):
    found = Reference.parse(text)
    assert (found.registry, found.repository, found.tag, found.digest) == (registry, repository, tag, digest)


@pytest.mark.parametrize(
    "text",
    [
        "", "foo/Bar", "Ubuntu", "ghcr.io/Org/app", "ubuntu:", "ubuntu@", f"ubuntu@sha256:{'A' * 64}",
        f"ubuntu@sha256:{'a' * 63}", f"ubuntu@sha256:{'a' * 32}", f"ubuntu@md5:{'a' * 32}", HEX, SHA,
        f"ubuntu:{'x' * 129}", "ubuntu:.x", "ubuntu:-x", "ubuntu:1.0+build", "foo___bar", "foo..bar",
        "foo._bar", "-foo", "foo-", "foo//bar", "/foo", "foo/", "docker.io/", "foo/bar/", "fc00::1:5000/foo",
        "https://docker.io/library/ubuntu", "docker://ubuntu", "oci://registry-1.docker.io/x/y",
        "ubuntu:22.04 ", " ubuntu", "ubuntu\n", "ubuntu:22.04:1", "host:port/foo", "host:80:90/foo",
        "docker.io/foo:tag/bar", f"example.com/{'a' * 256}", "a" * 248, "ünï/code",
        "$FOO/bar", "${REG}/nginx:1", "nginx:{{tag}}", "nginx:١", "nginx\x00", "a\u212a/b",
    ],
)  # fmt: skip
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(InvalidReference):
        Reference.parse(text)


@pytest.mark.parametrize(
    ("text", "carrier", "upstream"),
    [
        ("nginx:1", Carrier.DOCKER_HUB, "docker.io/library/nginx:1"),
        ("mirror.gcr.io/library/nginx:1", Carrier.MIRROR, "docker.io/library/nginx:1"),
        ("mirror.gcr.io/nginx:1", Carrier.MIRROR, "docker.io/library/nginx:1"),
        ("us-mirror.gcr.io/grafana/grafana:1", Carrier.MIRROR, "docker.io/grafana/grafana:1"),
        ("eu-mirror.gcr.io/a/b", Carrier.MIRROR, "docker.io/a/b"),
        ("asia-mirror.gcr.io/a/b", Carrier.MIRROR, "docker.io/a/b"),
        ("public.ecr.aws/docker/library/nginx:1", Carrier.ECR_PUBLIC, "docker.io/library/nginx:1"),
        ("public.ecr.aws/nginx/nginx:1", Carrier.OTHER, None),
        ("europe-west1-docker.pkg.dev/p/r/library/nginx:1", Carrier.ARTIFACT_REGISTRY, None),
        ("docker.us-central1.rep.pkg.dev/p/r/x:1", Carrier.ARTIFACT_REGISTRY, None),
        ("evil-docker.pkg.dev.example.com/p/r/x:1", Carrier.OTHER, None),
        ("gcr.io/p/x", Carrier.CONTAINER_REGISTRY, None),
        ("eu.gcr.io/p/x", Carrier.CONTAINER_REGISTRY, None),
        ("k8s.gcr.io/pause:3", Carrier.OTHER, None),
        ("ghcr.io/o/x", Carrier.OTHER, None),
        ("dhi.io/python:3", Carrier.OTHER, None),
    ],
)
def test_registry_is_known_for_what_it_is(text, carrier, upstream):
    found = Reference.parse(text)
    assert (found.carrier, found.upstream) == (carrier, upstream and Reference.parse(upstream))


names = st.from_regex(r"\A[a-z0-9]{1,8}([._-][a-z0-9]{1,4}){0,2}\Z")
registries = st.sampled_from(
    ["docker.io", "ghcr.io", "localhost:5000", "[::1]:5000", "us-docker.pkg.dev", "Host.example"]
)
tags = st.none() | st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=10)
digests = st.none() | st.text("0123456789abcdef", min_size=64, max_size=64).map("sha256:{}".format)
references = st.builds(
    lambda registry, path, tag, digest: Reference(registry, "/".join(path), tag, digest),
    registries, st.lists(names, min_size=2, max_size=4), tags, digests,
)  # fmt: skip


@given(references)
def test_text_of_a_reference_reads_back(reference):
    assert Reference.parse(str(reference)) == reference


@given(references)
def test_spans_spell_the_parts(reference):
    text = str(reference)
    registry, repository, tag, digest = (text[span] for span in spans(text))
    assert Reference(registry, repository, tag or None, digest or None) == reference


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        found = Reference.parse(text)
    except InvalidReference:
        return
    assert Reference.parse(str(found)) == found


def test_spans_of_an_implicit_registry_are_empty():
    assert [text for span in spans("nginx:1") if (text := "nginx:1"[span])] == ["nginx", "1"]


def test_reference_does_not_change():
    with pytest.raises(AttributeError):
        Reference.parse("nginx").tag = "1"


def test_reference_survives_another_process():
    reference = Reference.parse(f"nginx:1@{SHA}")
    assert pickle.loads(pickle.dumps(reference)) == reference


def test_references_sort_by_registry_repository_tag():
    texts = ["ghcr.io/a/b:1", "nginx:2", "nginx", "nginx:1", "alpine:9"]
    assert [str(each) for each in sorted(map(Reference.parse, texts))] == [
        "docker.io/library/alpine:9", "docker.io/library/nginx", "docker.io/library/nginx:1",
        "docker.io/library/nginx:2", "ghcr.io/a/b:1",
    ]  # fmt: skip


def test_endless_name_is_refused_at_once():
    with pytest.raises(InvalidReference):
        Reference.parse("a-" * 500_000 + "A")
