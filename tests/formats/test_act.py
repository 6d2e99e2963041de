"""act and runners: images behind labels."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.inventory import Unresolved
from planner.scan import scan


@pytest.mark.parametrize(
    "text",
    [
        "-P ubuntu-latest=a/b:1\n",
        "--platform ubuntu-latest=a/b:1\n",
        "--bind\n  -P  x=a/b:1  \n",
        "-P=x=a/b:1\n",
    ],
)
def test_image_of_a_platform(text):
    assert extracted("act", text, ".actrc").roles == [("docker.io/a/b:1", "step")]


@pytest.mark.parametrize("text", ["-P x=-self-hosted\n", "# -P x=a/b\n", "--container-options -P\n"])
def test_what_is_no_image(text):
    assert extracted("act", text, ".actrc").pulled == []


@pytest.mark.parametrize(
    "text", ["runner: {labels: ['x:docker://a/b:1', 'y:host']}\n", '{"labels": ["x:docker://a/b:1"]}']
)
def test_image_of_a_label(text):
    assert extracted("act", text, "config.yaml").roles == [("docker.io/a/b:1", "step")]


REASON = (
    "docker.io/catthehacker/ubuntu is pulled, in a version that the size of images chosen when act was"
    " first started decides: set -P LABEL=IMAGE in .actrc to move it"
)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("ci.sh", "set -e\nact -j build\n"),
        ("ci.sh", "cd x && sudo act pull_request\n"),
        ("ci.sh", "gh act -W .github/workflows/ci.yml\n"),
        ("Makefile", "ci:\n\t@act push --secret-file .secrets\n"),
        ("package.json", '{"scripts": {"ci": "act -j test"}}'),
        (".github/workflows/a.yml", "jobs: {a: {steps: [\n  {\n  run: act -j build\n}]}}"),
    ],
)
def test_act_that_is_started_without_an_image_takes_what_it_was_told_to(path, text):
    found = extracted("act", text, path)
    assert (found.unresolved, found.pulled) == ([("act", REASON)], [])
    assert text[found.items[0].start :].startswith("act ")


@pytest.mark.parametrize(
    "text",
    [
        "act -l\n",
        "act --version\n",
        "# act -j build\n",
        "echo we act -j build\n",
        "the act -j x\n",
        "act release of the play\n",
        "contract -j build\n",
        "act -j build $OPTIONS\n",
        "./act -j build\n",
    ],
)
def test_what_starts_nothing_or_may_have_an_image(text):
    assert extracted("act", text, "ci.sh").found == []


def test_image_of_a_command():
    text = "act -j build \\\n  -P ubuntu-latest=a/b:1 --platform=x=-self-hosted\n"
    found = extracted("act", text, "ci.sh")
    assert (found.roles, found.unresolved) == ([("docker.io/a/b:1", "step")], [])


@pytest.mark.parametrize(
    ("setting", "told"), [("-P ubuntu-latest=a/b:1\n", 0), ("--bind\n", 1), ("-P x=-self-hosted\n", 0)]
)
def test_settings_of_the_tree_say_what_is_pulled(tmp_path, setting, told):
    (tmp_path / ".actrc").write_text(setting)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "ci.sh").write_text("act -j build\n")
    reasons = [item.reason for item in scan([tmp_path]).found if isinstance(item, Unresolved)]
    assert reasons == [REASON] * told


@given(
    st.lists(st.sampled_from(["act ", "-j x", "push", "-P x=a/b:1", "\n", "\\\n", '"', "$", ";", "run: "]))
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    text = "".join(tokens)
    for item in extracted("act", text, "ci.sh").items:
        assert text[item.start :].startswith(item.spelled)
