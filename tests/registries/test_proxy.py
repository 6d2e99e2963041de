"""Proxies as people may see them: never with a password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.registries._proxy import proxies, shown


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
