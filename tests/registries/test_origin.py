"""Where a request may go."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import RegistryError
from planner.registries._origin import check_hop, is_loopback, is_private, joined, origin, related, shown
from planner.registries._transport_head import request_head, target


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "a.localhost", "::1", "10.1.2.3", "192.168.0.1", "172.16.0.1",
        "169.254.169.254",
        "fe80::1", "fe80::1%eth0", "fd00::1", "::ffff:169.254.169.254", "0.0.0.0", "100.64.0.1", "2130706433",
        "0x7f000001", "127.1", "0251.0376.0251.0376", "metadata.google.internal", "printer.local",
    ],
)  # fmt: skip
def test_host_is_not_public(host):
    assert is_private(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "docker.io", "2600::1", "r.internal.example", "1.docker.io"])
def test_host_is_public(host):
    assert not is_private(host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_host_is_this_machine(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    ("host", "other"),
    [
        ("registry-1.docker.io", "auth.docker.io"),
        ("registry.gitlab.com", "gitlab.com"),
        ("us-docker.pkg.dev", "us-docker.pkg.dev"),
        ("10.0.0.1", "10.0.0.1"),
        ("a.co.uk", "a.co.uk"),
    ],
)
def test_hosts_belong_together(host, other):
    assert related(host, other)


@pytest.mark.parametrize(
    ("host", "other"),
    [
        ("registry-1.docker.io", "docker.io.evil.example"),
        ("registry-1.docker.io", "evildocker.io"),
        ("a.co.uk", "b.co.uk"),
        ("mine.azurecr.io", "yours.azurecr.io"),
        ("a.run.app", "b.run.app"),
        ("10.0.0.1", "11.0.0.1"),
        ("registry", "other"),
    ],
)
def test_hosts_belong_to_strangers(host, other):
    assert not related(host, other)


@pytest.mark.parametrize(
    "target",
    [
        "http://cdn.example/x",
        "http://registry.example/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "ftp://cdn.example/x",
        "https://user:password@cdn.example/x",
        "https://cdn.example\\@10.0.0.1/x",
        "https://cdn.example/a b",
        "https://cdn.example/a\r\nX: y",
        "file:///etc/passwd",
        "https:///x",
        "https://cdn.example:port/x",
    ],
)
def test_public_registry_cannot_send_us_there(target):
    with pytest.raises(RegistryError):
        check_hop(target, "https://registry.example")


@pytest.mark.parametrize(
    ("target", "registry"),
    [
        ("https://cdn.example/x", "https://registry.example"),
        ("http://127.0.0.1:9/x", "http://127.0.0.1:5000"),
        ("https://10.0.0.2/x", "https://10.0.0.1"),
        ("https://cdn.example/x", "http://127.0.0.1:5000"),
    ],
)
def test_registry_can_send_us_there(target, registry):
    check_hop(target, registry)


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254", "169.254.170.2", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
        "[fe80::1]", "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::169.254.169.254]", "[2002:a9fe:a9fe::1]",
        "[fd00:ec2::254]", "100.100.100.200",
        "metadata.google.internal", "METADATA.google.internal.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("registry", ["http://127.0.0.1:5000", "http://10.0.0.1", "https://registry.local"])
def test_no_registry_can_send_us_where_a_machine_keeps_its_own_credentials(host, registry):
    scheme = registry.partition(":")[0]
    with pytest.raises(RegistryError, match="which gives a machine its credentials"):
        check_hop(f"{scheme}://{host}/latest/", registry)


def test_origin_knows_the_usual_ports():
    assert origin("https://R.example/x") == ("https", "r.example", 443) == origin("https://r.example.:443")


def test_message_shows_neither_user_nor_query():
    assert shown("https://user:password@cdn.example/x?signature=s#f") == "https://cdn.example/x"


_HOSTS = st.text(alphabet="ax0.-:[]%@é１。/\\?#~ _", max_size=24)


@given(_HOSTS, st.sampled_from(["", "/", "/x?y=z", "?q", "#f", ":443", ":99999", ":x"]))
@settings(max_examples=500)
def test_what_passes_for_a_url_can_be_sent_to_or_is_one_error(host, end):
    """What is sent is one request, for whatever a server's URL holds."""
    url = f"https://{host}{end}"
    with suppress(RegistryError):
        joined("https://r.example/v2/", url)
    with suppress(RegistryError):
        is_private(origin(url)[1])
        check_hop(url, "https://r.example", "https://other.example/")
        head = request_head("GET", target(url), origin(url), ()).decode()
        assert head.endswith("\r\n\r\n")
        line, host, *rest = head.split("\r\n")
        names = [each.partition(":")[0] for each in (host, *rest)]
        assert (len(line.split(" ")), names) == (3, ["Host", "User-Agent", "Accept-Encoding", "", ""])


@given(st.text(max_size=40))
def test_any_reference_of_a_server_is_a_place_or_one_error(reference):
    with suppress(RegistryError):
        check_hop(joined("https://r.example/v2/x", reference), "https://r.example")
