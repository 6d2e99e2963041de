import json
import re
import subprocess

import pytest
from conftest import program
from hypothesis import given
from hypothesis import strategies as st
from merging import OWN, added, asked, merged

from planner.errors import ConfigError

GOOGLE = "https://mirror.gcr.io"


def mirrors_of_dockerd(folder, text):
    """The mirrors that dockerd itself reads in a file: it names them when one is also on its command line."""
    file = folder / "daemon.json"
    file.write_text(text, newline="")
    done = subprocess.run(
        [program("dockerd"), "--config-file", str(file), "--registry-mirror", "https://other.example"],
        capture_output=True,
        text=True,
    )
    said = re.search(r"registry-mirrors: \(from flag: .*, from file: \[(.*)\]\)", done.stderr)
    assert said, done.stderr
    return said[1].split()


def test_new_file_is_one_that_dockerd_reads(tmp_path):
    text = merged("docker")
    assert text == '{\n  "registry-mirrors": ["https://mirror.gcr.io"]\n}\n'
    assert mirrors_of_dockerd(tmp_path, text) == [GOOGLE]


def test_other_keys_keep_their_order_and_indentation(tmp_path):
    before = '{\n\t"log-driver": "local",\n\t"debug": true\n}\n'
    after = merged("docker", before)
    assert after == before.replace("true", 'true,\n\t"registry-mirrors": ["https://mirror.gcr.io"]')
    assert mirrors_of_dockerd(tmp_path, after) == [GOOGLE]


def test_mirror_goes_after_those_that_are_there(tmp_path):
    before = '{"registry-mirrors": ["https://a.example", "https://b.example/"], "debug": true}'
    after = merged("docker", before)
    assert mirrors_of_dockerd(tmp_path, after) == ["https://a.example", "https://b.example/", GOOGLE]
    assert added(before, after)


def test_mirror_of_one_s_own_goes_before_the_cache_for_everybody():
    before = '{\n  "registry-mirrors": [\n    "https://a.example",\n    "https://mirror.gcr.io"\n  ]\n}'
    after = merged("docker", before, "hub.acme.example")
    assert json.loads(after)["registry-mirrors"] == ["https://a.example", "https://hub.acme.example", GOOGLE]
    assert after == before.replace("example", 'example",\n    "https://hub.acme.example')


@pytest.mark.parametrize(
    "spelled", ["https://mirror.gcr.io/", "http://mirror.gcr.io", "https://MIRROR.gcr.io"]
)
def test_mirror_that_is_there_however_it_is_spelled_changes_nothing(spelled):
    before = f'{{"registry-mirrors":["{spelled}"]}}'
    assert merged("docker", before) == before


def test_lines_end_as_they_did(tmp_path):
    after = merged("docker", '{\r\n  "debug": true\r\n}\r\n')
    assert "\n" not in after.replace("\r\n", "")
    assert mirrors_of_dockerd(tmp_path, after) == [GOOGLE]


def test_empty_list_empty_object_and_null_are_filled():
    for before in ('{"registry-mirrors": []}', "{}", '{"registry-mirrors": null}', " \n", "{\n}\n"):
        assert json.loads(merged("docker", before)) == {"registry-mirrors": [GOOGLE]}


def test_byte_order_mark_stays():
    assert merged("docker", "\ufeff{}").startswith("\ufeff{")


def test_mirror_with_a_path_is_refused_with_another_way():
    with pytest.raises(ConfigError, match="refuses a mirror with a path") as refused:
        merged("docker", "", OWN)
    assert "docker-containerd-store" in refused.value.hint


def test_dockerd_does_refuse_a_mirror_with_a_path():
    done = subprocess.run(
        [program("dockerd"), "--registry-mirror", f"https://{OWN}"], capture_output=True, text=True
    )
    assert "path, query, or fragment at end of the URI" in done.stderr


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a": 1,}', "1:[89]"),  # before or after the comma, as the version of Python says
        ('{\n  // mirrors\n  "a": 1\n}', "2:3"),
        ('{\n  "registry-mirrors": "https://a.example"\n}', "2:3"),
        ("[]", "1:1"),
        ('{"a": NaN}', "1:1"),
        ("[" * 100_000, "1:1"),
    ],
)
def test_broken_file_is_refused_with_the_place(text, place):
    with pytest.raises(ConfigError, match=f"FILE:{place}: "):
        merged("docker", text)


def test_comment_is_called_one():
    with pytest.raises(ConfigError, match="a comment, which the program that reads this file refuses"):
        merged("docker", "{} // none")


def test_options_of_the_service_take_the_mirror_too():
    before = '# options\n#DOCKER_OPTS="--dns 8.8.8.8"\nDOCKER_OPTS="--dns 8.8.8.8"\nexport http_proxy=x\n'
    after = merged("docker", before, file="docker")
    assert after == before.replace(
        '\nDOCKER_OPTS="--dns 8.8.8.8', '\nDOCKER_OPTS="--dns 8.8.8.8 --registry-mirror=https://mirror.gcr.io'
    )
    assert asked("docker", after, file="docker") == [GOOGLE]


@pytest.mark.parametrize(
    "before", ["DOCKER_OPTS=\n", "DOCKER_OPTS=''\n", "#DOCKER_OPTS=\n", "", "DOCKER_OPTS=--debug # all\n"]
)
def test_options_are_one_shell_word_afterwards(before):
    after = merged("docker", before, file="docker")
    shell = subprocess.run(
        ["sh", "-c", f'{after}\nprintf %s "$DOCKER_OPTS"'], capture_output=True, text=True, check=True
    )
    assert shell.stdout.split()[-1] == "--registry-mirror=https://mirror.gcr.io"


def test_options_keep_the_order_of_mirrors():
    before = 'DOCKER_OPTS="--registry-mirror=https://a.example --registry-mirror https://mirror.gcr.io"\n'
    after = merged("docker", before, "b.example", file="docker")
    assert asked("docker", after, file="docker") == ["https://a.example", "https://b.example", GOOGLE]


def test_options_with_an_open_quote_are_refused():
    with pytest.raises(ConfigError, match="FILE:2:13: a quote that is not closed"):
        merged("docker", '\nDOCKER_OPTS="--debug\n', file="docker")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
hosts = st.lists(
    st.sampled_from(["https://a.example", "http://b.example:5000", "https://c.example/"]), unique=True
)


@given(
    st.dictionaries(st.text(), values, max_size=4), hosts, st.sampled_from([None, 1, 4, "\t"]), st.booleans()
)
def test_any_object_gains_the_mirror_and_nothing_else(other, there, indent, crlf):
    wanted = {**other, "registry-mirrors": there}
    before = json.dumps(wanted, indent=indent, ensure_ascii=False)
    before = before.replace("\n", "\r\n") if crlf else before
    after = merged("docker", before)
    assert json.loads(after) == {**wanted, "registry-mirrors": [*there, GOOGLE]}
    assert list(json.loads(after)) == list(wanted)
    assert added(before, after)


def test_options_stand_on_a_line_of_their_own_behind_a_carriage_return():
    assert asked("docker", merged("docker", "\r", file="docker"), file="docker") == [GOOGLE]


@given(st.text(max_size=60))
def test_no_text_breaks_it_other_than_by_an_error(text):
    for file in ("daemon.json", "docker", "docker.service"):
        try:
            merged("docker", text, file=file)
        except ConfigError:
            continue


def test_unit_of_systemd_takes_the_mirror_at_the_end_of_its_command():
    before = "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// \\\n  --mtu 1400\nRestart=always\n"
    after = merged("docker", before, file="docker.service")
    assert after == before.replace("1400\n", "1400 --registry-mirror=https://mirror.gcr.io\n")
    assert asked("docker", after, file="docker.service") == [GOOGLE]


def test_command_that_is_taken_back_has_no_mirrors():
    before = "[Service]\nExecStart=/usr/bin/dockerd --registry-mirror=https://a.example\nExecStart=\n"
    assert asked("docker", before, file="docker.service") == []


def test_new_drop_in_replaces_the_command():
    after = merged("docker", file="docker.service")
    assert after.splitlines()[:2] == ["[Service]", "ExecStart="]
    assert asked("docker", after, file="docker.service") == [GOOGLE]


def test_unit_that_starts_no_dockerd_is_refused():
    with pytest.raises(ConfigError, match="starts no dockerd"):
        merged("docker", "[Service]\nEnvironment=A=b\n", file="docker.service")
