"""Proxies as people may see them: never with a password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.registries.proxy import proxies, proxy_for, shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("http://proxy.example:3128", ("http://proxy.example:3128", False)),
        ("proxy.example:3128", ("http://proxy.example:3128", False)),
        ("http://proxy.example", ("http://proxy.example:80", False)),
        ("http://ann:pw@proxy.example:3128/", ("http://proxy.example:3128", True)),
        ("ann:pw@proxy.example:3128", ("http://proxy.example:3128", True)),
        ("http://[::1]:3128", ("http://[::1]:3128", False)),
        ("http://", ("", False)),
        ("http://ann:1/2#3?4@5@proxy.example:3128", ("http://proxy.example:3128", True)),
        ("http://ann:1#2", ("", False)),
        ("socks5://proxy.example:1080", ("", False)),
        ("ann://x:1@proxy.example:3128", ("", False)),
    ],
)
def test_proxy_is_shown_by_scheme_host_and_port(text, told):
    assert shown(text) == told


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_password_makes_part_of_itself_shown(user, password):
    """However it is spelled, what is shown is the proxy or nothing."""
    assert shown(f"http://{user}:{password}@proxy.example:3128")[0] in ("", "http://proxy.example:3128")


def test_only_proxies_of_requests_are_told(monkeypatch):
    for name in ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://p.example:1")
    monkeypatch.setenv("ftp_proxy", "http://f.example:1")
    assert proxies() == {"https": "http://p.example:1"}


@pytest.mark.parametrize(
    ("named", "host", "bypassed"),
    [
        ("10.0.0.0/8", "10.1.2.3", True),
        ("192.168.0.0/16, 10.1.2.3/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("fd00::/8", "fd12::1", True),
        ("fd00::/8", "10.1.2.3", False),
        ("10.0.0.0/8", "r.example", False),
        ("10.0.0.0/x,/,r.example/8", "10.1.2.3", False),
        ("r.example:5000", "r.example", True),
        ("r.example:443", "r.example", False),
        ("10.1.2.3", "10.1.2.3", True),
    ],
)
def test_host_is_bypassed_by_its_network_or_port(monkeypatch, named, host, bypassed):
    monkeypatch.setenv("https_proxy", "http://p.example:1")
    monkeypatch.setenv("no_proxy", named)
    assert (proxy_for(("https", host, 5000)).place is None) is bypassed
