"""Argo CD: charts, kustomized images, values, and applications that are made from a list, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.argo_cd import extract
from planner.model.source import SourceFile


def read(text, path="apps/app.yaml"):
    return extracted("argo_cd", text, path)


def application(source, metadata="{name: a}"):
    head = f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {metadata}\n"
    return f"{head}spec:\n  source: {source}\n"


def application_set(generators, source):
    head = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: a}\n"
    return f"{head}spec:\n  generators: {generators}\n  template: {{spec: {{source: {source}}}}}\n"


@pytest.mark.parametrize(
    ("source", "chart"),
    [
        ("{repoURL: 'oci://ghcr.io/a/b', targetRevision: 1.2.3, path: .}", "ghcr.io/a/b:1.2.3"),
        ("{repoURL: 'oci://ghcr.io/a', chart: b, targetRevision: 1.2.3}", "ghcr.io/a/b:1.2.3"),
        ("{repoURL: ghcr.io/a, chart: b, targetRevision: 1.2.3+x}", "ghcr.io/a/b:1.2.3_x"),
        ("{repoURL: registry-1.docker.io/a/, chart: b, targetRevision: v1.2.3}", "docker.io/a/b:v1.2.3"),
        ("{repoURL: ghcr.io/a, chart: b}", "ghcr.io/a/b"),
    ],
)
def test_chart_in_a_registry(source, chart):
    assert read(application(source)).roles == [(chart, "chart")]


@pytest.mark.parametrize(
    "source",
    [
        "{repoURL: 'https://charts.example.com', chart: b, targetRevision: 1.2.3}",
        "{repoURL: 'https://github.com/a/b', path: deploy, targetRevision: main}",
        "{repoURL: 'git@github.com:a/b.git', path: deploy}",
        "{repoURL: github.com/a/b, path: deploy}",
    ],
)
def test_other_source_is_no_image(source):
    assert read(application(source)).found == []


def test_range_of_versions_is_told():
    found = read(application("{repoURL: 'oci://ghcr.io/a/b', targetRevision: 1.x}"))
    assert [text for text, _ in found.unresolved] == ["ghcr.io/a/b:1.x"]


def test_several_sources():
    text = application("{}").replace(
        "source: {}", "sources: [{repoURL: 'oci://a.io/b'}, {repoURL: 'oci://c.io/d'}]"
    )
    assert read(text).pulled == ["a.io/b", "c.io/d"]


@pytest.mark.parametrize(
    ("entry", "image"),
    [
        ("nginx=docker.io/a/b:1", "docker.io/a/b:1"),
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        (f"nginx=a/b@sha256:{'ab' * 32}", f"docker.io/a/b@sha256:{'ab' * 32}"),
    ],
)
def test_image_that_kustomize_puts_in_place(entry, image):
    assert read(application(f"{{kustomize: {{images: ['{entry}']}}}}")).pulled == [image]


def test_name_that_kustomize_puts_in_place_without_a_tag_is_told():
    assert [text for text, _ in read(application("{kustomize: {images: ['a=b/c']}}")).unresolved] == ["b/c"]


def test_patch_of_kustomize():
    patch = '{kustomize: {patches: [{patch: "- op: replace\\n  path: /spec/image\\n  value: a:1\\n"}]}}'
    assert read(application(patch)).pulled == ["docker.io/library/a:1"]


def test_values_in_a_text_are_found_where_they_stand():
    text = application(
        "\n    helm:\n      values: |\n        image:\n          repository: a/b\n          tag: '1'\n"
    )
    (found,) = read(text).occurrences
    assert (str(found.reference), found.fragments[0].start) == ("docker.io/a/b:1", text.index("a/b"))


def test_values_in_a_map():
    assert read(application("{helm: {valuesObject: {image: {repository: a/b, tag: 1}}}}")).pulled == [
        "docker.io/a/b:1"
    ]


def test_parameters_are_put_together():
    pairs = {"web.image.registry": "ghcr.io", "web.image.repository": "a/b", "web.image.tag": "1", "tag": "2"}
    listed = ", ".join(f"{{name: {name}, value: '{value}'}}" for name, value in pairs.items())
    assert read(application(f"{{helm: {{parameters: [{listed}]}}}}")).pulled == ["ghcr.io/a/b:1"]


def test_tag_alone_names_no_image():
    assert read(application("{helm: {parameters: [{name: image.tag, value: '1'}]}}")).found == []


def test_what_the_image_updater_watches_is_told():
    metadata = "{annotations: {argocd-image-updater.argoproj.io/image-list: 'x=docker.io/a/b:~1.2, c/d'}}"
    assert [text for text, _ in read(application("{}", metadata)).unresolved] == ["docker.io/a/b:~1.2", "c/d"]


@pytest.mark.parametrize("written", ["{{n}}:{{v}}", "{{.n}}:{{ .v }}"])
def test_elements_of_a_list_belong_together(written):
    generators = "[{list: {elements: [{n: a, v: '1'}, {n: b, v: '2'}]}}]"
    found = read(application_set(generators, f"{{kustomize: {{images: ['x={written}']}}}}"))
    assert found.pulled == ["docker.io/library/a:1", "docker.io/library/b:2"]


def test_matrix_of_generators():
    lists = "{list: {elements: [{n: a}, {n: b}]}}, {list: {elements: [{v: '1'}, {v: '2'}]}}"
    generators = f"[{{matrix: {{generators: [{lists}]}}}}]"
    found = read(application_set(generators, "{kustomize: {images: ['x={{n}}:{{v}}']}}"))
    assert sorted(found.pulled) == [f"docker.io/library/{each}" for each in ("a:1", "a:2", "b:1", "b:2")]


def test_merge_of_generators():
    generators = (
        "[{merge: {mergeKeys: [n], generators: [{list: {elements: [{n: a, v: '1'}, {n: b, v: '1'}]}},"
        " {list: {elements: [{n: b, v: '2'}]}}]}}]"
    )
    found = read(application_set(generators, "{kustomize: {images: ['x={{n}}:{{v}}']}}"))
    assert found.pulled == ["docker.io/library/a:1", "docker.io/library/b:2"]


def test_values_of_any_generator():
    generators = "[{clusters: {values: {tag: '1'}}}]"
    assert read(application_set(generators, "{kustomize: {images: ['x=a:{{values.tag}}']}}")).pulled == [
        "docker.io/library/a:1"
    ]


def test_what_only_the_cluster_knows_is_told():
    found = read(application_set("[{clusters: {}}]", "{kustomize: {images: ['x=a:{{metadata.labels.v}}']}}"))
    assert found.unresolved == [
        (
            "a:{{metadata.labels.v}}",
            "metadata.labels.v is given by a generator: it is known only in the cluster",
        )
    ]


def test_elements_fill_in_the_text_of_values():
    source = "{helm: {values: \"image: {repository: a/b, tag: '{{tag}}'}\\n\"}}"
    assert read(application_set("[{list: {elements: [{tag: '1'}]}}]", source)).pulled == ["docker.io/a/b:1"]


def test_patch_of_a_template():
    text = application_set("[{list: {elements: [{v: 1.2.3}]}}]", "{repoURL: 'https://x.io'}")
    patch = (
        "  templatePatch: |\n    spec:\n      source: {repoURL: 'oci://a.io/b', targetRevision: '{{ .v }}'}\n"
    )
    assert read(text + patch).pulled == ["a.io/b:1.2.3"]


def test_template_of_a_chart_keeps_its_charts_and_leaves_its_values():
    source = "{repoURL: 'oci://a.io/b', targetRevision: 1.2.3, helm: {values: 'image: {{ .Values.image }}'}}"
    assert read(application(source), "chart/templates/app.yaml").pulled == ["a.io/b:1.2.3"]


TOKENS = (
    "apiVersion: argoproj.io/v1alpha1\n",
    "kind: ApplicationSet\n",
    "kind: Application\n",
    "spec:\n",
    "  source: {repoURL: 'oci://",
    "'}",
    "  template:\n",
    "    spec:\n",
    "      source:\n",
    "        helm:\n",
    "          values: |\n",
    "            image: {repository: ",
    "  generators:\n",
    "  - list: {elements: [{x: ",
    "}]}\n",
    "{{",
    "x",
    "}}",
    "}",
    "\n",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    for item in extract(SourceFile("a.yaml", text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_hostile_text_is_read_in_a_moment():
    nested = "{matrix: {generators: [" * 50
    read(application_set(f"[{nested}", "{}"))
    many = ", ".join("{n: a}" for _ in range(50))
    listed = f"{{list: {{elements: [{many}]}}}}"
    read(
        application_set(
            f"[{{matrix: {{generators: [{listed}, {listed}, {listed}, {listed}]}}}}]",
            "{helm: {values: '{{n}}'}}",
        )
    )
    read(application("{kustomize: {images: ['" + "{{" * 100_000 + "']}}"))
