"""Laws of rewriting, for generated files of many formats.

What was planned is what a scan names afterwards; only edited spans differ; a second run changes nothing; a
revert gives back the bytes.
"""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rewritten import MEANS, SCAN, planned, write

from planner.model.inventory import Role
from planner.model.plan import Rewrite
from planner.rewrite import rewrite
from planner.rewriting.edits import undo
from planner.rewriting.reverting import revert
from planner.scan import places, scan

NAMES = (
    "nginx",
    "library/redis",
    "acme/app",
    "docker.io/a/b",
    "index.docker.io/library/x",
    "mirror.gcr.io/library/y",
)
OTHERS = ("ghcr.io/acme/app", "quay.io/a/b", "localhost:5000/a", "us-docker.pkg.dev/acme/hub/library/nginx")
VERSIONS = (":1", ":1.27-alpine", f"@sha256:{'a' * 64}", f":7@sha256:{'b' * 64}", "")
images = st.builds(str.__add__, st.sampled_from((*NAMES, *OTHERS)), st.sampled_from(VERSIONS))
quotes = st.sampled_from(("", "'", '"'))
ends = st.sampled_from(("\n", "\r\n"))


@st.composite
def dockerfile(draw):
    lines = ""
    for number in range(draw(st.integers(1, 5))):
        image, form = draw(images), draw(st.integers(0, 3))
        name, mark, version = image.partition("@") if "@" in image else image.rpartition(":")
        if form == 1 and mark and "/" not in version:
            lines = f"ARG V{number}={version}\n{lines}FROM {name}{mark}${{V{number}}} AS s{number}\n"
        elif form == 2:
            lines = f"ARG I{number}={image}\n{lines}FROM $I{number}\n"
        elif form == 3:
            lines += f"FROM alpine:3\nCOPY --from={image} /a /b\n"
        else:
            lines += f"FROM  {image}  AS s{number} \n"
    return "Dockerfile", draw(st.sampled_from(("", "# syntax=docker/dockerfile:1\n"))) + lines


@st.composite
def compose(draw):
    lines = "services:\n"
    for number in range(draw(st.integers(1, 5))):
        image, quote = draw(images), draw(quotes)
        value = draw(st.sampled_from((image, f"${{X{number}:-{image}}}")))
        lines += f"  s{number}:\n    image: {quote}{value}{quote}  # {image}\n"
    return "compose.yaml", lines


@st.composite
def manifest(draw):
    lines = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
    for number in range(draw(st.integers(1, 5))):
        image, form = draw(images), draw(st.integers(0, 3))
        style = (f"&a{number} {image}", f">-\n        {image}", f'"{image}"', f"!!str '{image}'")[form]
        lines += f"    - name: c{number}\n      image: {style}\n"
        if form == 0:
            lines += f"    - name: d{number}\n      image: *a{number}\n"
    return "pod.yaml", lines


@st.composite
def values(draw):
    lines = ""
    for number in range(draw(st.integers(1, 5))):
        registry = draw(st.sampled_from(("docker.io", "ghcr.io", "")))
        repository, quote = draw(st.sampled_from(("nginx", "acme/app", "library/redis"))), draw(quotes)
        first = f"    registry: {registry}\n" if registry else ""
        lines += f"c{number}:\n  image:\n{first}    repository: {quote}{repository}{quote}\n    tag: 7.0\n"
    return "values.yaml", lines


@st.composite
def workflow(draw):
    lines = "on: push\njobs:\n"
    for number in range(draw(st.integers(1, 3))):
        lines += f"  j{number}:\n    runs-on: x\n    container: {draw(images)}\n    steps:\n"
        lines += f"      - uses: docker://{draw(images)}\n"
        lines += f"      - run: |\n          docker run --rm {draw(images)} true\n"
    return ".github/workflows/a.yml", lines


@st.composite
def terraform(draw):
    blocks = (
        f'resource "docker_image" "i{n}" {{\n  name = "{draw(images)}"\n}}\n'
        for n in range(draw(st.integers(1, 4)))
    )
    return "main.tf", "".join(blocks)


@st.composite
def script(draw):
    lines = "#!/bin/sh\n"
    for number in range(draw(st.integers(1, 4))):
        lines += draw(
            st.sampled_from(
                (f"docker pull {draw(images)}\n", f'I{number}={draw(images)}\ndocker run "$I{number}"\n')
            )
        )
    return "run.sh", lines


@st.composite
def trees(draw):
    kinds = st.one_of(dockerfile(), compose(), manifest(), values(), workflow(), terraform(), script())
    files = {}
    for name, text in draw(st.lists(kinds, min_size=1, max_size=3)):
        end, mark = draw(ends), draw(st.sampled_from(("", "", "\ufeff")))
        text = text.replace("\n", end)
        text = text if draw(st.booleans()) else text.rstrip("\r\n")
        files[name] = (mark + text).encode() + draw(
            st.sampled_from((b"", b"", f"{end}# \xe9{end}".encode("latin-1")))
        )
    return files


def named(root):
    return Counter(
        (item.path, item.role, str(item.reference)) for item in scan([root], SCAN, MEANS).occurrences
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(trees())
def test_laws(tmp_path_factory, files):
    root = write(tmp_path_factory.mktemp("tree"), files)
    document, before = planned(root), named(root)
    result = rewrite(document, places([root]), SCAN, MEANS)
    assert [each.refused for each in result.repositories if each.refused] == []
    assert [one.reason for each in result.repositories for one in each.left] == []
    changed = [each for repository in result.repositories for each in repository.files]
    for each in changed:
        text = each.after.decode("utf-8", "surrogateescape")
        assert undo(text, each.edits).encode("utf-8", "surrogateescape") == each.file.before
        each.file.file.write_bytes(each.after)
    rewrites = [each for each in document.actions if isinstance(each, Rewrite)]
    moved = Counter(str(each.destination) for each in rewrites)
    there = Counter(name for _, _, name in named(root).elements())
    assert (
        there
        == Counter(name for _, _, name in before.elements())
        - Counter(str(each.reference) for each in rewrites)
        + moved
    )
    assert not any(name.startswith("docker.io/") for _, role, name in named(root) if role is not Role.OUTPUT)
    again = rewrite(document, places([root]), SCAN, MEANS)
    assert [each.pending for each in again.repositories if each.pending] == []
    for repository in revert(document, places([root]), SCAN.max_file_size):
        for each in repository.files:
            each.file.file.write_bytes(each.after)
    assert {name: (root / name).read_bytes() for name in files} == files
