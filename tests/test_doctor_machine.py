"""What the network and the rest of a machine show, as findings."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.doctor import machine, network, rules
from planner.errors import ConfigError
from planner.model.availability import PullLimit
from planner.model.diagnosis import Counting, Diagnosis, HubPulls, Reach, Reached, Severity
from planner.model.source import SourceFile
from planner.runtimes._known import runtimes, setting

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
OK = Reach("gcr.io", "gcr.io", Reached.OK, "200")


def reach(subject="Docker Hub: tokens", reached=Reached.REFUSED, host="auth.docker.io", proxy=""):
    return Reach(subject, host, reached, "connection refused", proxy)


def test_host_that_is_not_reached_is_a_problem():
    [one] = network.unreachable([OK, reach(proxy="proxy.example:3128")])
    assert one.problem == (
        "Docker Hub: tokens (auth.docker.io) is not reached through the proxy proxy.example:3128: "
        "connection refused"
    )
    assert one.severity is Severity.PROBLEM
    assert one.follows == "Docker Hub lets nobody in without a token, not even for public images"


@pytest.mark.parametrize(
    ("subject", "severity"),
    [
        ("mirror.gcr.io", Severity.WARNING),
        ("Docker Hub: some blobs", Severity.WARNING),
        ("Docker Hub: blobs", Severity.PROBLEM),
        ("europe-docker.pkg.dev", Severity.PROBLEM),
    ],
)
def test_what_can_be_done_without_is_a_warning(subject, severity):
    assert [each.severity for each in network.unreachable([OK, reach(subject)])] == [severity]


def test_no_network_at_all_is_one_finding():
    away = [reach("mirror.gcr.io", Reached.DNS), reach(reached=Reached.DNS), reach("x", Reached.UNKNOWN)]
    [one] = network.unreachable(away)
    assert one.problem == "none of 2 hosts is reached: connection refused"


def test_hosts_that_fail_alike_are_one_finding():
    away = [
        Reach(name, name, Reached.PROXY, "the proxy cannot be reached", "p.example:1")
        for name in ("mirror.gcr.io", "ghcr.io")
    ]
    [one] = network.unreachable([OK, *away])
    assert (one.severity, one.problem) == (
        Severity.PROBLEM,
        "mirror.gcr.io, ghcr.io are not reached through the proxy p.example:1: the proxy cannot be reached",
    )


def test_hosts_that_fail_in_other_ways_are_told_apart():
    assert len(list(network.unreachable([OK, reach("a"), reach("b", Reached.DNS)]))) == 2


def test_what_was_not_asked_is_no_finding():
    assert list(network.unreachable([OK, reach(reached=Reached.UNKNOWN)])) == []


@pytest.mark.parametrize(
    ("source", "counted_for"),
    [
        ("192.0.2.7", "address"), ("2001:db8::/64", "address"), ("2001:db8::1", "address"), ("", ""),
        ("ann", "account"), ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "account"),
    ],
)  # fmt: skip
def test_limit_is_counted_for_an_address_or_an_account(source, counted_for):
    found = network.pulls(Counting.LIMITED, PullLimit(100, 76, 21_600, source), NOW)
    assert (found.counted_for, found.back_at) == (counted_for, NOW + timedelta(hours=6))


def test_nothing_has_to_come_back_where_all_are_left():
    assert network.pulls(Counting.LIMITED, PullLimit(100, 100, 21_600), NOW).back_at is None
    assert network.pulls(Counting.UNLIMITED, None, NOW) == HubPulls(Counting.UNLIMITED)


@pytest.mark.parametrize(
    ("remaining", "said"),
    [
        (0, ["no pull is left for the account ann"]),
        (9, ["9 of 100 pulls are left for the account ann"]),
        (10, []),
    ],
)
def test_few_pulls_are_a_warning(remaining, said):
    pulls = network.pulls(Counting.LIMITED, PullLimit(100, remaining, 21_600, "ann"), NOW)
    assert [each.problem for each in network.used_up(pulls)] == said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        ([], []),
        ([29.0, -29.0], []),
        ([0.1, 0.2, 9_999.0], []),
        ([100.0, 101.0, 0.0], [("warning", "100 seconds ahead of")]),
        ([-600.0, -601.0], [("problem", "10 minutes behind")]),
        ([90_000.0], [("problem", "25 hours ahead of")]),
    ],
)
def test_clock_is_compared_with_most_servers(ahead, said):
    found = [(each.severity, each.problem) for each in machine.clock(ahead)]
    assert [severity for severity, _ in found] == [severity for severity, _ in said]
    assert all(words in problem for (_, words), (_, problem) in zip(said, found, strict=True))


@given(st.lists(st.floats(-1e6, 1e6)))
def test_order_of_answers_does_not_change_the_clock(ahead):
    assert list(machine.clock(ahead)) == list(machine.clock(reversed(ahead)))


def test_settings_are_told_with_their_line():
    text = '[target]\nproject = "p"\n\n  locaton = "eu"\n'
    error = ConfigError("hub2ar.toml: Object contains unknown field locaton - at $.target", hint="did you …")
    found = machine.settings(error, text)
    assert (found.path, found.line, found.fix) == ("hub2ar.toml", 4, "did you …")
    error = ConfigError("hub2ar.toml: not TOML (Invalid value (at line 3, column 5))")
    assert machine.settings(error).line == 3
    assert machine.settings(ConfigError("hub2ar.toml: no such file")).line == 0


def test_files_of_runtimes_are_looked_at_together():
    found = list(
        machine.runtimes(
            recognised_of(
                ("/etc/docker/daemon.json", '{"registry-mirrors": ["https://us-docker.pkg.dev/a/b"]}'),
                ("/etc/buildkit/buildkitd.toml", "debug = true\n"),
            )
        )
    )
    assert {(each.path, each.severity) for each in found} == {
        ("/etc/docker/daemon.json", Severity.PROBLEM),
        ("/etc/buildkit/buildkitd.toml", Severity.WARNING),
    }
    assert {each.rule for each in found} == {rules.RUNTIME.name}


def recognised_of(*files):
    return tuple(setting(SourceFile(path, text), runtimes()) for path, text in files)


def test_trap_of_gke_is_found():
    text = (
        'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n'
        'config_path = "/etc/containerd/certs.d"\n'
        '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\n'
        'endpoint = ["https://mirror.gcr.io"]\n'
    )
    [one] = machine.runtimes(recognised_of(("/etc/containerd/config.toml", text)))
    assert (one.severity, one.line) == (Severity.PROBLEM, 3)


def test_findings_are_in_one_order_and_told_once():
    note, problem = rules.PROJECT.at("x"), rules.CACHE.at("x", severity=Severity.PROBLEM)
    assert network.ordered([note, problem, note]) == network.ordered([problem, note]) == (problem, note)


def test_notes_are_nothing_to_mend():
    assert Diagnosis(findings=(rules.PROJECT.at("x"),)).clean
    assert not Diagnosis(findings=(rules.CACHE.at("x"),)).clean
