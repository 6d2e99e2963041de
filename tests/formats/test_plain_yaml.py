"""YAML of no kind that is known."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats import plain_yaml
from planner.formats._base import NOTHING
from planner.formats.plain_yaml import extract
from planner.model.source import SourceFile


def pulled(text, path="ops/catalogue.yaml"):
    return extracted("plain_yaml", text, path).pulled


@pytest.mark.parametrize(
    "text",
    [
        "image: acme/web:1",
        "a: {b: [{nodeImage: 'docker.io/acme/web:1'}]}",
        "image: {repository: acme/web, tag: 1}",
        "web: {repository: docker.io/acme/web, tag: '1'}",
        "choices: [docker.io/acme/web:1]",
        "image: {value: docker.io/acme/web:1}",
        "anything: docker.io/acme/web:1",
        "WEB_IMAGE: acme/web:1",
        "image: {name: 'acme/web:1', entrypoint: ['']}",
        "images: {tags: {web: 'acme/web:1'}}",
        "initContainers: [{name: web, image: 'acme/web:1'}]",
        "extraContainers: |\n  - name: web\n    image: acme/web:1\n    command: [run]\n",
    ],
)
def test_image_of_settings(text):
    assert pulled(text) == ["docker.io/acme/web:1"]


@pytest.mark.parametrize(
    "text",
    [
        "image: web",
        "image: ubuntu-2404:2025.1",
        "image: family/debian-12",
        "image: acme/web",
        "image: 'acme/web:{{ tag }}'",
        "heroImage: img/hero.png",
        "image: {repository: acme/web}",
        "source: {repository: acme/web, version: 1}",
        "text: take quay.io/acme/web:1",
        "address: example.com/web:80",
        "deniedImages: [quay.io/acme/web:1]",
        "push: {image: quay.io/acme/web:1}",
        "labels: {image: quay.io/acme/web:1}",
        "suite: a\nset: {image: quay.io/acme/web:1}",
        "services: {a: {image: acme/web:1, args: {BASE: 'quay.io/acme/web:1'}}}",
        "{apiVersion: v1, kind: Thing, image: quay.io/acme/web:1}",
        "- image: quay.io/acme/web:1",
        "tags: {web: 'acme/web:1'}",
        "containers: [{name: web, image: '{{ web }}'}]",
        "notes: |\n  image: the logo\n",
    ],
)
def test_what_is_no_image(text):
    assert pulled(text) == []


def test_container_may_be_named_by_a_word():
    text = "initContainers:\n- name: own\n  image: busybox\n  command: [chown]\n"
    assert pulled(text) == ["docker.io/library/busybox"]


@pytest.mark.parametrize(
    "path",
    [".ci/a.yaml", "a/.b/c.yml", "chart/values-prod.yaml", "roles/a/defaults/main.yml", "x.dockerapp/p.yml"],
)
def test_files_of_formats_that_say_more(path):
    assert pulled("image: quay.io/acme/web:1", path) == []


@given(st.text(alphabet="image: {}[],quay.io/a:1\n-&*'\"", max_size=80))
@settings(max_examples=100, deadline=None)
def test_no_text_makes_it_raise_and_pieces_stand_where_they_say(text):
    for item in extract(SourceFile("a.yaml", text), NOTHING):
        for run in item.value.runs:
            assert run.start < 0 or text[run.start : run.start + len(run.text)] == run.text


def test_what_a_copy_job_takes_from_somewhere_is_not_run_here():
    text = "sync:\n- source: quay.io/acme/web:1\n  target: ghcr.io/acme/web:1\n  type: image\n"
    assert extracted("plain_yaml", text, "regsync.yml").found == []


@pytest.mark.parametrize("path", ["pnpm-lock.yaml", "web/deps.lock.yml"])
def test_what_package_managers_have_locked_is_not_parsed(monkeypatch, path):
    monkeypatch.setattr(plain_yaml, "parse", lambda _: pytest.fail("parsed"))
    assert list(extract(SourceFile(path, "packages: {image: 'quay.io/acme/web:1'}\n"), NOTHING)) == []
