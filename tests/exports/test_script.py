"""What the scripts for crane, oras and skopeo have in common."""

import pytest
from copying import ALL, COPIES, MIRRORED, OTHER, PINNED, RENAMED, UNKNOWN, WARM, transferring
from exporting import HOSTILE, text
from fake_tools import Tools, complaints

from planner.errors import ConfigError
from planner.model.job import Copy, Warm
from planner.model.reference import Reference

SYNTAX = {"crane": "", "oras": "", "skopeo": "script"}
COPYING = {
    "crane": ["copy"],
    "oras": ["cp", "--recursive"],
    "skopeo": ["copy", "--all", "--preserve-digests"],
}
ASKING = {"crane": ("digest",), "oras": ("resolve",), "skopeo": ("inspect", "--raw")}


def script(name, document=ALL):
    return text(name, document, syntax=SYNTAX[name])


def named(name, reference):
    return f"docker://{reference}" if name == "skopeo" else str(reference)


def asked(tools, name, reference, digest):
    """Have the tool say which digest is at a place."""
    said = "" if name == "skopeo" else digest
    tools.answer(name, *ASKING[name], named(name, reference), printed=said, code=0 if digest else 1)
    if name == "skopeo":
        tools.answer("skopeo", "manifest-digest", printed=digest)


def copied(tools, name):
    """From where to where the tool was told to copy."""
    begin = [name, *COPYING[name]]
    layouts = ("dir:", "oci")
    return [
        tuple(call[-2:])
        for call in tools.calls
        if call[: len(begin)] == begin and not call[-1].startswith(layouts)
    ]


@pytest.fixture(params=sorted(SYNTAX))
def name(request):
    return request.param


@pytest.fixture
def tools(tmp_path, name):
    return Tools(tmp_path, name)


def test_image_that_is_there_already_costs_no_pull(tools, name):
    asked(tools, name, MIRRORED.destination, PINNED)
    assert tools.run(script(name, transferring(MIRRORED))) == (0, "")
    assert copied(tools, name) == []


def test_cheapest_source_is_asked_first_and_by_digest(tools, name):
    tools.run(script(name, transferring(MIRRORED)))
    assert copied(tools, name)[0] == (
        named(name, f"mirror.gcr.io/library/redis@{PINNED}"),
        named(name, f"{COPIES}/library/redis:7"),
    )


def test_next_source_is_asked_where_the_first_does_not_have_it(tools, name):
    tools.run(script(name, transferring(MIRRORED)))
    assert [source for source, _ in copied(tools, name)] == [
        named(name, f"mirror.gcr.io/library/redis@{PINNED}"),
        named(name, f"docker.io/library/redis@{PINNED}"),
    ]


def test_image_whose_digest_is_not_known_is_copied_by_tag_once(tools, name):
    assert tools.run(script(name, transferring(UNKNOWN))) == (0, "")
    assert copied(tools, name) == [
        (named(name, "docker.io/acme/app:latest"), named(name, f"{COPIES}/acme/app:latest"))
    ]


def test_image_that_fails_leaves_the_others_alone(tools, name):
    code, said = tools.run(script(name, transferring(RENAMED, UNKNOWN)))
    assert code == 4
    assert f"failed: {RENAMED.destination}\n" in said
    assert "1 images failed" in said
    assert copied(tools, name)[-1][1] == named(name, f"{COPIES}/acme/app:latest")


def test_copy_that_has_another_digest_afterwards_has_failed(tools, name):
    asked(tools, name, RENAMED.destination, PINNED)
    assert tools.run(script(name, transferring(RENAMED)))[0] == 4


def test_warmed_image_is_pulled_whole_and_thrown_away(tools, name):
    assert tools.run(script(name, transferring(WARM))) == (0, "")
    (call,) = tools.calls
    assert named(name, WARM.destination) in call
    assert [each for each in tools.folder.iterdir() if each.name.startswith("tmp.")] == []


def test_head_says_what_warming_does_not_do(name):
    assert "Whether the repository kept it is not checked" in script(name).split("set -uo pipefail")[0]
    assert "temporary directory" not in script(name, transferring(MIRRORED)).split("set -uo pipefail")[0]


def test_shellcheck_finds_nothing(name):
    assert complaints(script(name)) == ""


@pytest.mark.parametrize("hostile", [each for each in HOSTILE if each])
def test_no_text_leaves_its_word(tools, name, hostile):
    source = Reference("docker.io", hostile, "1")
    copy = Copy(source, source, Reference(f"a{hostile}", "b", hostile), None, hostile)
    warm = Warm(source, Reference("a", f"w{hostile}", "1"), None, hostile)
    try:
        said = script(name, transferring(copy, warm))
    except ConfigError:
        assert "\x00" in hostile
        return
    assert tools.run(said) == (0, "")
    assert copied(tools, name) == [(named(name, source), named(name, copy.destination))]
    assert len(tools.calls) == 2
    assert any(str(warm.destination) in word for word in tools.calls[1])


def test_name_that_a_tool_would_take_for_a_flag_is_refused(name):
    copy = Copy(Reference("--help", "a", "1"), Reference("--help", "a", "1"), RENAMED.destination, None, "")
    with pytest.raises(ConfigError, match="would be taken for a flag"):
        script(name, transferring(copy))


def test_destination_without_a_tag_keeps_its_digest(tools, name):
    tools.run(script(name))
    destination = f"{COPIES}/acme/tool" if name == "oras" else f"{COPIES}/acme/tool@{OTHER}"
    assert (named(name, f"docker.io/acme/tool@{OTHER}"), named(name, destination)) in copied(tools, name)
