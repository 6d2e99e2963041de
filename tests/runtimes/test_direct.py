from planner.model.source import Fragment
from planner.runtimes._direct import direct
from planner.scan import scan


def found(tmp_path, **files):
    for name, text in files.items():
        (tmp_path / name.replace("_", ".")).write_text(text, newline="")
    return list(direct(scan([tmp_path])))


def mended(tmp_path, items):
    """The files with every edit made."""
    texts = {}
    for edit in sorted({item.edit for item in items}, key=lambda each: -each.start):
        text = texts.get(edit.path) or (tmp_path / edit.path).read_text()
        assert text[edit.start : edit.end] == edit.text
        texts[edit.path] = text[: edit.start] + edit.replacement + text[edit.end :]
    return texts


def test_host_alone_is_replaced(tmp_path):
    items = found(
        tmp_path,
        Dockerfile="FROM --platform=linux/amd64 mirror.gcr.io/library/nginx:1.27@sha256:"
        + "a" * 64
        + " AS web\n",
    )
    assert [str(item.wanted) for item in items] == ["docker.io/library/nginx:1.27@sha256:" + "a" * 64]
    assert mended(tmp_path, items)["Dockerfile"].startswith(
        "FROM --platform=linux/amd64 docker.io/library/nginx:1.27@"
    )


def test_regional_hosts_and_names_without_library(tmp_path):
    items = found(
        tmp_path, compose_yaml="services:\n  a: {image: eu-mirror.gcr.io/redis}\n  b: {image: redis}\n"
    )
    assert [(item.line, str(item.wanted)) for item in items] == [(2, "docker.io/library/redis")]
    assert "image: docker.io/redis}" in mended(tmp_path, items)["compose.yaml"]


def test_variable_that_holds_the_host_is_the_place(tmp_path):
    items = found(
        tmp_path,
        Dockerfile="ARG HUB=mirror.gcr.io\nFROM $HUB/library/alpine:3\nFROM ${HUB}/grafana/grafana\n",
    )
    assert mended(tmp_path, items)["Dockerfile"].startswith("ARG HUB=docker.io\nFROM $HUB/")
    assert len(items) == 2


def test_edits_leave_no_reference_without_a_fallback(tmp_path):
    items = found(
        tmp_path, Dockerfile="FROM mirror.gcr.io/a/b\nCOPY --from=us-mirror.gcr.io/library/c:1 /x /\n"
    )
    for name, text in mended(tmp_path, items).items():
        (tmp_path / name).write_text(text)
    assert found(tmp_path) == []


def test_documentation_and_outputs_are_none(tmp_path):
    assert found(tmp_path, README_md="`docker pull mirror.gcr.io/library/nginx`\n") == []


def test_host_that_stands_nowhere_as_it_is_has_no_edit():
    from msgspec.structs import replace

    from planner.model.inventory import Confidence, Inventory, Occurrence, Role
    from planner.model.reference import Reference
    from planner.model.source import Part

    fragments = (Fragment(Part.REGISTRY, 3, 9, "mirror"), Fragment(Part.REPOSITORY, 12, 16, "nginx"))
    item = Occurrence(
        "a", 1, 1, "f", Role.BASE, Reference.parse("mirror.gcr.io/nginx"), "x", Confidence.RESOLVED, fragments
    )
    assert [each.edit for each in direct(Inventory((), (item, replace(item, role=Role.OUTPUT)), {}))] == [
        None
    ]
