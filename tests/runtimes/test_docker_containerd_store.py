import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from merging import OWN, added, asked, merged

from planner.errors import ConfigError


def hosts(text):
    return list(tomllib.loads(text)["host"].items())


def test_new_file_ends_at_docker_hub():
    text = merged("docker_containerd_store")
    assert tomllib.loads(text)["server"] == "https://registry-1.docker.io"
    assert hosts(text) == [("https://mirror.gcr.io", {"capabilities": ["pull", "resolve"]})]


def test_path_comes_after_the_version_of_the_api_and_overrides_it():
    text = merged("docker_containerd_store", "", OWN)
    able = {"capabilities": ["pull", "resolve"], "override_path": True}
    assert hosts(text) == [("https://us-docker.pkg.dev/v2/acme/docker-hub", able)]


def test_own_repository_goes_before_the_cache_with_its_comments():
    before = (
        'server = "https://registry-1.docker.io"\n\n[host."https://a.example"]\n  ca = "/a.crt"\n\n'
        '# for everybody\n[host."https://mirror.gcr.io"]\n  capabilities = ["pull", "resolve"]\n'
    )
    after = merged("docker_containerd_store", before, OWN)
    assert [name for name, _ in hosts(after)] == [
        "https://a.example", "https://us-docker.pkg.dev/v2/acme/docker-hub", "https://mirror.gcr.io",
    ]  # fmt: skip
    assert '# for everybody\n[host."https://mirror.gcr.io"]' in after
    assert added(before, after)


def test_tables_below_a_host_stay_with_it():
    before = '[host."https://a.example"]\n[host."https://a.example".header]\n  x = "1"\n'
    after = merged("docker_containerd_store", before)
    assert hosts(after)[0] == ("https://a.example", {"header": {"x": "1"}})
    assert hosts(after)[1][0] == "https://mirror.gcr.io"


def test_host_that_may_not_resolve_is_not_taken_for_a_mirror():
    before = '[host."https://mirror.gcr.io"]\ncapabilities = ["pull"]\n'
    assert asked("docker_containerd_store", before) == []
    with pytest.raises(ConfigError, match="may not resolve"):
        merged("docker_containerd_store", before)


def test_hosts_of_an_inline_table_cannot_be_added_to():
    with pytest.raises(ConfigError, match="cannot be added to"):
        merged("docker_containerd_store", 'host = {"https://a.example" = {}}\n')


names = st.lists(
    st.sampled_from(["https://a.example", "http://b.example:5000", "https://c.example/v2/x"]), unique=True
)


@given(names, st.booleans(), st.booleans(), st.sampled_from(["", "# end", "\n\n"]))
def test_any_hosts_keep_their_order(there, crlf, server, ending):
    blocks = [f'# {name}\n[host."{name}"]  # here\n  capabilities = ["pull", "resolve"]\n' for name in there]
    before = "\n".join(['server = "https://s.example"\n'] * server + blocks) + ending
    before = before.replace("\n", "\r\n") if crlf else before
    after = merged("docker_containerd_store", before)
    assert asked("docker_containerd_store", after) == [*there, "https://mirror.gcr.io"]
    assert added(before, after)
    assert "\n" not in (after.replace("\r\n", "") if "\r\n" in before else "")
