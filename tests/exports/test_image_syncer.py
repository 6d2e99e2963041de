import json

import pytest
from copying import ALL, COPIES, HOST, MIRRORED, OTHER, WARM, copy, transferring
from exporting import HOSTILE, files
from fake_tools import Tools, complaints

from planner.model.job import Copy
from planner.model.reference import Reference


def listed(document=ALL):
    return json.loads(files("image_syncer", document)[0].text)


def script(document=ALL):
    return files("image_syncer", document)[1].text


def test_every_copy_is_in_the_list_by_its_tag():
    assert listed() == {
        "docker.io/library/redis:7": f"{COPIES}/library/redis:7",
        "docker.io/grafana/grafana:11": f"{COPIES}/monitoring/dashboards:11",
        "docker.io/acme/app:latest": f"{COPIES}/acme/app:latest",
        f"docker.io/acme/tool@{OTHER}": f"{COPIES}/acme/tool@{OTHER}",
    }


def test_image_with_two_destinations_is_listed_with_both():
    again = copy("redis:7", f"{COPIES}/again/redis:7")
    assert listed(transferring(MIRRORED, again)) == {
        "docker.io/library/redis:7": [f"{COPIES}/library/redis:7", f"{COPIES}/again/redis:7"]
    }


def test_script_logs_in_without_a_token_in_an_argument_or_a_file_that_stays(tmp_path):
    tools = Tools(tmp_path, "gcloud", "image-syncer")
    tools.answer("gcloud", "auth", "print-access-token", printed="ya29.secret\n")
    keeper = tmp_path / "image-syncer"
    keeper.write_text(keeper.read_text().replace(
        "answers =",
        'auth = words[0].partition("=")[2]\n'
        '(here.parent / "seen").write_text(pathlib.Path(auth).read_text() + os.environ["ACCESS_TOKEN"])\n'
        'answers =',
    ))  # fmt: skip
    assert tools.run(script()) == (0, "")
    seen = (tmp_path / "seen").read_text()
    assert json.loads(seen.removesuffix("ya29.secret")) == {
        HOST: {"username": "oauth2accesstoken", "password": "${ACCESS_TOKEN}"}
    }
    assert "ya29.secret" not in json.dumps(tools.calls)
    auth, images = (word.partition("=")[2] for word in tools.calls[-1][1:])
    assert images == f"{tmp_path}/hub2ar-image-syncer.json"
    assert not (tmp_path / auth).exists()


def test_failure_of_the_tool_is_that_of_the_script(tmp_path):
    tools = Tools(tmp_path, "gcloud", "image-syncer")
    tools.answer("image-syncer", code=1)
    assert tools.run(script())[0] == 1


def test_what_is_only_pulled_is_left_out_and_counted():
    document = transferring(MIRRORED, WARM)
    assert list(listed(document)) == ["docker.io/library/redis:7"]
    assert "# 1 image of the plan that is pulled through a remote repository is not in it" in script(document)


def test_head_says_that_a_tag_may_have_moved():
    assert "What a tag names then is copied" in script()


def test_shellcheck_finds_nothing():
    assert complaints(script()) == ""


@pytest.mark.parametrize("hostile", [*HOSTILE, "\nJSON\nid\n"])
def test_text_of_a_plan_stays_a_text(tmp_path, hostile):
    source = Reference(f"r{hostile}", "a", "1")
    document = transferring(Copy(source, source, Reference(f"h{hostile}", "b", "1"), None, hostile))
    assert listed(document) == {str(source): f"h{hostile}/b:1"}
    tools = Tools(tmp_path, "gcloud", "image-syncer", "id")
    assert tools.run(script(document)) == (0, "")
    assert [call[0] for call in tools.calls] == ["gcloud", "image-syncer"]
