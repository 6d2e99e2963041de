"""Operator Lifecycle Manager: operators, bundles, catalogs."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st


def found(text, path="catalog.yaml"):
    return extracted("olm", text, path)


def operator(fields):
    return found(f"apiVersion: operators.coreos.com/v1alpha1\nkind: ClusterServiceVersion\n{fields}\n").pulled


@pytest.mark.parametrize(
    "fields",
    [
        "spec: {relatedImages: [{name: w, image: 'a/b:1'}]}",
        "metadata: {annotations: {containerImage: 'a/b:1'}}",
        'metadata: {annotations: {alm-examples: \'[{"kind": "X", "spec": {"image": "a/b:1"}}]\'}}',
        "spec: {install: {spec: {deployments: [{spec: {template: {spec:\n"
        "  {containers: [{image: 'a/b:1'}]}}}}]}}}",
        "spec: {x: {containers: [{env: [{name: RELATED_IMAGE_WEB, value: 'a/b:1'}]}]}}",
    ],
)
def test_images_of_an_operator(fields):
    assert operator(fields) == ["docker.io/a/b:1"]


def test_an_example_stands_where_it_is_written():
    text = (
        "apiVersion: operators.coreos.com/v1alpha1\nkind: ClusterServiceVersion\nmetadata:\n  annotations:\n"
        '    alm-examples: |-\n      [\n        {"spec": {"image": "redis:7"}}\n      ]\n'
    )
    [item] = found(text).occurrences
    assert text.splitlines()[item.line - 1].find("redis:7") + 1 == item.column


def test_the_description_of_an_operator_is_prose():
    assert operator("spec:\n  description: |\n    apiVersion: v1\n    kind: Pod\n    image: a: b") == []


def test_source_of_a_catalog():
    text = "apiVersion: operators.coreos.com/v1alpha1\nkind: CatalogSource\nspec: {image: 'quay.io/a/b:1'}\n"
    assert found(text).pulled == ["quay.io/a/b:1"]


def test_catalog_of_the_next_generation():
    text = (
        "apiVersion: olm.operatorframework.io/v1\nkind: ClusterCatalog\n"
        "spec: {source: {type: Image, image: {ref: 'quay.io/a/b:1'}}}\n"
    )
    assert found(text).pulled == ["quay.io/a/b:1"]


BUNDLE = '"schema": "olm.bundle", "image": "a/b:1", "relatedImages": [{"name": "", "image": "c:2"}]'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"schema": "olm.package"}}\n{{{BUNDLE}}}\n',
        f"---\nschema: olm.package\n---\n{{{BUNDLE}}}\n",
        f'{{\n  "schema": "olm.package"\n}}\n{{\n  {BUNDLE}\n}}\n',
        f"schema: olm.template.basic\nentries: [{{schema: olm.channel}}, {{{BUNDLE}}}]\n",
    ],
)
def test_bundles_of_a_catalog(text):
    assert found(text).pulled == ["docker.io/a/b:1", "docker.io/library/c:2"]


def test_bundles_of_a_catalog_by_version():
    text = "Schema: olm.semver\nschema: olm.semver\nstable: {bundles: [{image: 'a/b:1'}]}\n"
    assert found(text).pulled == ["docker.io/a/b:1"]


def test_metadata_of_a_bundle():
    text = (
        "schema: olm.bundle\nproperties:\n- type: olm.csv.metadata\n"
        "  value: {annotations: {containerImage: 'a/b:1'}}\n"
    )
    assert found(text).pulled == ["docker.io/a/b:1"]


def test_other_documents_are_none():
    assert found("schema: v1\nimage: a/b:1\n# olm.bundle\n").pulled == []


@given(
    st.lists(
        st.sampled_from(
            ["{", "}", "\n{", '"schema": "olm.bundle"', ",", '"image": "a:1"', "\n", "---\n",
             "schema: olm.bundle\n",
             "image: a\n", "kind: X\n", "apiVersion: operators.coreos.com/v1\n", "alm-examples: '[", "'", "]"]
        ),
        max_size=30,
    )
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(tokens):
    text = "".join(tokens)
    for item in found(text).items:
        assert 0 <= item.start <= len(text)
