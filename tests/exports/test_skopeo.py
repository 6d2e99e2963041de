import subprocess
from collections.abc import Callable

import pytest
import yaml
from conftest import program
from copying import (
    ALL,
    BY_DIGEST,
    COPIES,
    HOST,
    MIRRORED,
    OTHER,
    RENAMED,
    UNKNOWN,
    WARM,
    copy,
    transferring,
    warm,
)
from exporting import HOSTILE, files, text
from fake_tools import Tools
from pushing import push, served

from planner.model.job import Copy
from planner.model.reference import Reference

PLAIN = b"bytes that are no gzip, whatever their type says"


def lists(document=ALL):
    return {file.name: yaml.safe_load(file.text) for file in files("skopeo", document, syntax="sync")}


def test_lists_are_by_the_folder_that_images_go_to():
    assert lists() == {
        "hub2ar-skopeo-1.yaml": {
            "docker.io": {"images": {"acme/app": ["latest"], "acme/tool": [OTHER]}},
        },
        "hub2ar-skopeo-2.yaml": {"docker.io": {"images": {"library/redis": ["7"]}}},
    }
    for file, folder in zip(files("skopeo", ALL, syntax="sync"), ("acme", "library"), strict=True):
        assert f"--src yaml --dest docker {file.name} \\\n#     {COPIES}/{folder}\n" in file.text


def test_single_folder_is_a_single_list():
    assert list(lists(transferring(MIRRORED))) == ["hub2ar-skopeo.yaml"]


def test_what_is_called_otherwise_is_left_out_and_told():
    for file in files("skopeo", ALL, syntax="sync"):
        assert "1 image that is called otherwise later cannot be in it" in file.text
        assert f"#   {RENAMED.destination}\n" in file.text


def test_what_is_only_pulled_is_left_out_and_counted():
    other = warm("redis:8", f"{HOST}/acme/hub/library/redis:8")
    (file,) = files("skopeo", transferring(MIRRORED, WARM, other), syntax="sync")
    assert "2 images of the plan that are pulled through a remote repository are not in it" in file.text


def test_nothing_to_list_is_an_empty_list_that_says_why():
    (file,) = files("skopeo", transferring(WARM), syntax="sync")
    assert yaml.safe_load(file.text) == {}
    assert "1 image of the plan" in file.text


def test_head_says_that_a_tag_may_have_moved():
    assert "What a tag names then is copied" in files("skopeo", ALL, syntax="sync")[0].text


@pytest.mark.parametrize("hostile", [each for each in HOSTILE if each])
def test_text_of_a_plan_stays_a_text(hostile):
    source = Reference(hostile, f"a/{hostile}", hostile)
    place = Reference(
        HOST, f"b/{hostile}".rpartition("/")[0] + "/" + f"a/{hostile}".rpartition("/")[2], hostile
    )
    (listed,) = lists(transferring(Copy(source, source, place, None, hostile))).values()
    assert listed == {hostile: {"images": {f"a/{hostile}": [hostile]}}}


class Real(Tools):
    """skopeo itself, for registries without certificates."""

    def __init__(self, folder):
        super().__init__(folder)
        wrapper = folder / "skopeo"
        wrapper.write_text(f'#!/bin/sh\nexec {program("skopeo")} --insecure-policy "$@"\n')
        wrapper.chmod(0o755)
        self.environment = {"HOME": str(folder)}

    def trust(self, *urls):
        said = "".join(f'[[registry]]\nlocation = "{url[7:]}"\ninsecure = true\n' for url in urls)
        place = self.folder / ".config" / "containers" / "registries.conf"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(said)


Start = Callable[..., str]


def test_script_copies_every_byte(docker_registry: Start, tmp_path):
    source, target = docker_registry(), docker_registry()
    digest = push(source, "library/redis", "7", PLAIN)
    tools = Real(tmp_path)
    tools.trust(source, target)
    one = copy(f"{source[7:]}/library/redis:7", f"{target[7:]}/acme/copies/cache:7", digest)
    script = text("skopeo", transferring(one), syntax="script")
    code, said = tools.run(script, tools.environment)
    assert (code, said) == (0, "")
    assert served(target, "acme/copies/cache", "7") == digest


def test_script_pulls_what_a_remote_repository_is_to_hold(docker_registry: Start, tmp_path):
    source = docker_registry()
    digest = push(source, "library/redis", "7", PLAIN)
    remote = docker_registry(proxy=source)
    tools = Real(tmp_path)
    tools.trust(remote)
    script = text("skopeo", transferring(warm("redis:7", f"{remote[7:]}/library/redis:7")), syntax="script")
    assert tools.run(script, tools.environment) == (0, "")
    held = tmp_path / f"registry-{remote.rpartition(':')[2]}" / "data"
    assert list(held.rglob(f"{digest[7:]}/data"))
    assert any(path.read_bytes() == PLAIN for path in held.rglob("data") if path.is_file())


def test_list_copies_every_byte_to_the_name_of_the_plan(docker_registry: Start, tmp_path):
    source, target = docker_registry(), docker_registry()
    digest = push(source, "library/redis", "7", PLAIN)
    tools = Real(tmp_path)
    tools.trust(source, target)
    place = f"{target[7:]}/acme/copies/library/redis"
    (file,) = files("skopeo", transferring(copy(f"{source[7:]}/library/redis:7", f"{place}:7", digest)))
    (tmp_path / file.name).write_text(file.text)
    commands = [line[4:] for line in file.text.splitlines() if line.startswith("#   ")]
    code, said = tools.run("\n".join(commands[:2]), tools.environment)
    assert code == 0, said
    assert served(target, "acme/copies/library/redis", "7") == digest


def test_second_run_fetches_nothing(docker_registry: Start, tmp_path):
    source, target = docker_registry(), docker_registry()
    digest = push(source, "library/redis", "7", PLAIN)
    tools = Real(tmp_path)
    tools.trust(source, target)
    one = copy(f"{source[7:]}/library/redis:7", f"{target[7:]}/acme/copies/redis:7", digest)
    script = text("skopeo", transferring(one), syntax="script")
    assert tools.run(script, tools.environment)[0] == 0
    tools.trust(target)  # the source cannot be reached now
    assert tools.run(script, tools.environment) == (0, "")


def test_script_says_all_of_a_plan():
    said = text("skopeo", ALL, syntax="script")
    assert [line.split()[0] for line in said.splitlines() if line.startswith(("copy ", "warm "))] == [
        *("copy", "copy", "copy", "copy", "warm"),
    ]
    assert {str(each.destination) for each in (MIRRORED, RENAMED, BY_DIGEST)} <= set(said.split())
    assert f"{UNKNOWN.destination}:latest" in said.split()


def test_real_skopeo_changes_what_is_no_gzip_unless_it_is_told_not_to(docker_registry: Start, tmp_path):
    source, target = docker_registry(), docker_registry()
    digest = push(source, "library/redis", "7", PLAIN)
    subprocess.run(
        [program("skopeo"), "--insecure-policy", "copy", "--all",
         "--src-tls-verify=false", "--dest-tls-verify=false",
         f"docker://{source[7:]}/library/redis:7", f"docker://{target[7:]}/redis:7"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert served(target, "redis", "7") not in ("", digest)
