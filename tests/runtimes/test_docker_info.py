import json

import pytest

from planner.errors import ConfigError
from planner.runtimes._docker_info import read

TEXT = """Client:
 Version:    28.2.2

Server:
 Server Version: 28.2.2
 Storage Driver: overlayfs
  driver-type: io.containerd.snapshotter.v1
 Insecure Registries:
  ::1/128
  127.0.0.0/8
 Registry Mirrors:
  https://a.example/
  https://mirror.gcr.io/
 Live Restore Enabled: false
"""


def test_text_lists_mirrors_in_their_order():
    info = read(TEXT, "x")
    assert info.mirrors == ("https://a.example/", "https://mirror.gcr.io/")
    assert info.containerd_store


def test_text_that_lists_no_mirrors_has_none():
    assert read(TEXT.replace("Registry Mirrors", "Other"), "x").mirrors == ()


def test_text_with_line_ends_of_windows_is_read():
    assert read(TEXT.replace("\n", "\r\n"), "x").mirrors == ("https://a.example/", "https://mirror.gcr.io/")


def test_json_as_a_whole_and_the_mirrors_alone():
    whole = {
        "ServerVersion": "28",
        "RegistryConfig": {"Mirrors": ["https://mirror.gcr.io/"]},
        "DriverStatus": None,
    }
    assert read(json.dumps(whole), "x").mirrors == ("https://mirror.gcr.io/",)
    assert read('["https://mirror.gcr.io/"]', "x").mirrors == ("https://mirror.gcr.io/",)
    assert read("null\n", "x").mirrors == ()


@pytest.mark.parametrize("text", ["", "hello", "{", '{"a": 1}', "[" * 100_000])
def test_other_texts_are_refused(text):
    with pytest.raises(ConfigError, match="standard input"):
        read(text, "standard input")


def test_daemon_that_did_not_answer_is_told():
    text = json.dumps({"ID": "", "ServerErrors": ["Cannot connect to the\nDocker daemon"]})
    with pytest.raises(ConfigError, match="x: docker had no answer of its daemon: Cannot connect to"):
        read(text, "x")
