"""Laws of rewriting, for generated files of many formats and for the corpus, with both strategies.

What was planned is what a scan names afterwards; only edited spans differ; a second run changes nothing; a
revert gives back the bytes; the patch gives what is written. Whatever files and folders are called.
"""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rewritten import MEANS, SCAN, planned, write

from planner import discover
from planner.model.inventory import Role
from planner.model.plan import Rewrite
from planner.rewrite import rewrite
from planner.rewriting.edits import undo
from planner.rewriting.patches import patch_of
from planner.rewriting.reverting import revert
from planner.scan import places, scan

CORPUS = Path(__file__).parent / "corpus"
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
GLOBAL = "global:\n  imageRegistry: ''\n"
images = st.builds(str.__add__, st.sampled_from((*NAMES, *OTHERS)), st.sampled_from(VERSIONS))
quotes = st.sampled_from(("", "'", '"'))
ends = st.sampled_from(("\n", "\r\n"))


@st.composite
def dockerfile(draw):
    lines = ""
    for number in range(draw(st.integers(1, 5))):
        image, form = draw(images), draw(st.integers(0, 4))
        name, mark, version = image.partition("@") if "@" in image else image.rpartition(":")
        if form == 1 and mark and "/" not in version:
            lines = f"ARG V{number}={version}\n{lines}FROM {name}{mark}${{V{number}}} AS s{number}\n"
        elif form == 2:
            lines = f"ARG I{number}={image}\n{lines}FROM $I{number}\n"
        elif form == 4:
            lines = f"ARG EMPTY=\n{lines}FROM ${{EMPTY}}{image}\nFROM ${{EMPTY}}{image}\n"
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
    lines = draw(st.sampled_from(("", GLOBAL, f"{GLOBAL}  security:\n    allowInsecureImages: false\n")))
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
def kustomization(draw):
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
    lines = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
    for number, name in enumerate(name for name in names for _ in range(draw(st.integers(1, 3)))):
        lines += f"    - name: c{number}\n      image: {name}{draw(st.sampled_from(VERSIONS))}\n"
    entries = "".join(f"- name: x/y{n}\n  newTag: '{n}'\n" for n in range(draw(st.integers(0, 2))))
    listed = f"resources:\n- listed.yaml\n{'images:' if entries else ''}\n{entries}"
    return {"listed.yaml": lines, "kustomization.yaml": listed}


@st.composite
def of_jvm(draw):
    names = draw(
        st.lists(st.sampled_from(("acme/db", "acme/mq", "redis", "ghcr.io/a/b")), min_size=1, max_size=3)
    )
    lines = "import org.testcontainers.containers.GenericContainer;\nclass A {\n"
    lines += "".join(f'  Object o{n} = new GenericContainer<>("{name}:1");\n' for n, name in enumerate(names))
    return {"src/test/java/A.java": lines + "}\n", "src/test/resources/testcontainers.properties": SETTING}


@st.composite
def builds(draw):
    image, times = draw(images), draw(st.integers(1, 3))
    lines = "".join(f"FROM {image} AS s{number}\n" for number in range(times))
    entry = draw(st.sampled_from(("res: ./res", "- res=./res")))
    build = f"    build:\n      context: app\n      additional_contexts:\n        {entry}\n"
    return {"app/Dockerfile": lines, "docker-compose.yml": f"services:\n  app:\n{build}"}


SETTING = "testcontainers.reuse.enable=true\n"
KINDS = (dockerfile(), compose(), manifest(), values(), workflow(), terraform(), script())
FOLDERS = (
    "",
    "with space/",
    "-rf/",
    "--output=x/",
    "quo'te\"/",
    "new\nline/",
    "caf\udce9/",
    "$(touch x)/",
    "ü/",
    "%41/",
)


@st.composite
def trees(draw):
    files = {}
    several = st.one_of(kustomization(), of_jvm(), builds())
    parts = draw(st.lists(st.one_of(*KINDS, several), min_size=1, max_size=3))
    for part in parts:
        folder, end, mark = (
            draw(st.sampled_from(FOLDERS)),
            draw(ends),
            draw(st.sampled_from(("", "", "\ufeff"))),
        )
        for name, text in part.items() if isinstance(part, dict) else (part,):
            place = name if name.startswith(".github/") else folder + name
            text = text.replace("\n", end)
            text = text if draw(st.booleans()) else text.rstrip("\r\n")
            strange = () if name.endswith(".java") else (f"{end}# \xe9{end}".encode("latin-1"),)
            files[place] = (mark + text).encode() + draw(st.sampled_from((b"", b"", *strange)))
    return files


def named(root):
    return Counter(
        (item.path, item.role, str(item.reference)) for item in scan([root], SCAN, MEANS).occurrences
    )


def names(found):
    return Counter(name for _, _, name in found.elements())


def put(repositories):
    for repository in repositories:
        for each in repository.files:
            each.file.file.write_bytes(each.after)


def lawful(root, *, central):
    """Rewrite a tree, hold it against the laws, and return what became of it."""
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    document = planned(root)
    result = rewrite(document, places([root]), SCAN, MEANS, central=central)
    changed = [each for repository in result.repositories for each in repository.files]
    patch = b"".join(part for each in result.repositories for part in patch_of(each.files, each.top))
    if patch:
        subprocess.run(["git", "apply", "-"], input=patch, cwd=root, check=True, capture_output=True)
    assert {each.file.file: each.file.file.read_bytes() for each in changed} == {
        each.file.file: each.after for each in changed
    }
    for each in changed:
        text = each.after.decode("utf-8", "surrogateescape")
        assert undo(text, each.edits, several=True).encode("utf-8", "surrogateescape") == each.file.before
    assert {
        path: path.read_bytes() for path in before if path not in {each.file.file for each in changed}
    } == {
        path: content for path, content in before.items() if path not in {each.file.file for each in changed}
    }
    again = rewrite(document, places([root]), SCAN, MEANS, central=central)
    assert [each for each in again.repositories if each.pending] == []
    after = named(root)
    put(revert(document, places([root]), SCAN.max_file_size))
    assert {path: path.read_bytes() for path in before} == before
    return document, result, after


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(trees(), st.booleans())
def test_laws_hold_for_any_tree(tmp_path_factory, files, central):
    root = tmp_path_factory.mktemp("tree")
    for name, content in files.items():
        write(root, {name: content})
    before = names(named(root))
    document, result, there = lawful(root, central=central)
    assert [each.refused for each in result.repositories if each.refused] == []
    assert [one.reason for each in result.repositories for one in each.left] == []
    rewrites = [each for each in document.actions if isinstance(each, Rewrite)]
    moved = Counter(str(each.destination) for each in rewrites)
    expected = before - Counter(str(each.reference) for each in rewrites) + moved
    assert set(names(there)) == set(expected)  # a context of a build is one place for many
    if not any(each.name == "build_context" for one in result.repositories for each in one.central):
        assert names(there) == expected
    assert not any(name.startswith("docker.io/") for _, role, name in there if role is not Role.OUTPUT)


@pytest.mark.parametrize("name", discover.names("planner.formats"))
def test_laws_hold_for_every_format_at_as_few_places_as_it_takes(name, tmp_path):
    case = next(iter(sorted((CORPUS / name).glob("*.references"))))
    shutil.copytree(case.with_suffix(""), tmp_path / "--a b", symlinks=True)
    for path in (tmp_path / "--a b").rglob("*"):
        if path.is_file() and not path.is_symlink() and b"\r" not in path.read_bytes():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    lawful(tmp_path, central=True)
