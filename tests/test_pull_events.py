"""Pulls one by one, as logs, exports and clusters tell them."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import demand
from planner.errors import ConfigError, NoInput
from planner.pull_events import Event, Unread, events, moment

ROOT = Path(__file__).parents[1]
HUB_HEAD = (
    "datehour,user_name,repository,access_token_name,ips,repository_privacy,tag,digest,version_checks,pulls\n"
)
DIGEST = f"sha256:{'a' * 64}"
AT = datetime(2026, 11, 30, 10, 5, tzinfo=UTC)
LABELS = {"project_id": "acme", "cluster_name": "prod", "namespace_name": "web", "pod_name": "web-7d9"}


@pytest.fixture
def told(tmp_path):
    def of(text):
        file = tmp_path / "file"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return list(events(file))

    return of


def entry(message='Pulling image "nginx:1.27"', at="2026-11-30T10:05:00Z", labels=LABELS):
    return {"jsonPayload": {"message": message}, "timestamp": at, "resource": {"labels": labels}}


PULL = Event("nginx:1.27", 1, AT, "prod/web/web-7d9")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(entry()),
        f"{json.dumps(entry())}\n",
        json.dumps([entry()]),
        json.dumps([entry()], indent=2),
        f"\ufeff{json.dumps(entry())}\r\n\r\n",
    ],
    ids=["line", "ended line", "array", "indented", "marked"],
)
def test_entry_of_a_log_tells_what_when_and_where(told, text):
    assert told(text) == [PULL]


@pytest.mark.parametrize(
    "other",
    [
        entry('Successfully pulled image "nginx:1.27"'),
        {"textPayload": "x", "timestamp": "y"},
        {"jsonPayload": {"message": 5}},
        {"jsonPayload": "text"},
    ],
)
def test_other_entries_are_passed_over(told, other):
    assert told(f"{json.dumps(entry())}\n{json.dumps(other)}\n{json.dumps(entry())}\n") == [PULL, PULL]


def test_entry_without_time_and_place_is_a_pull_all_the_same(told):
    assert told(json.dumps({"jsonPayload": {"message": 'Pulling image "nginx"'}})) == [Event("nginx", 1)]


def test_line_that_cannot_be_read_is_told_with_its_number_and_the_next_is_read(told):
    text = f'{json.dumps(entry())}\n{{"jsonPayload": \n\n{json.dumps(entry())}\n'
    assert told(text) == [PULL, Unread("line 2", "not JSON"), PULL]


def test_pull_of_another_shape_is_told(told):
    broken = {"jsonPayload": {"message": 'Pulling image "nginx"'}, "timestamp": 5}
    (found,) = told(json.dumps(broken))
    assert isinstance(found, Unread)


def test_line_that_is_too_long_is_told_and_not_held(told):
    long = f'{{"jsonPayload": "{"x" * (9 << 20)}"}}'
    assert told(f"{json.dumps(entry())}\n{long}\n{json.dumps(entry())}") == [
        PULL,
        Unread("line 2", "longer than 4,194,304 bytes"),
        PULL,
    ]


@pytest.mark.parametrize("text", [json.dumps([entry(), entry()])[:-20], json.dumps([entry()])[:-1]])
def test_array_that_ends_early_is_told_after_what_could_be_read(told, text):
    found = told(text)
    assert found[0] == PULL
    assert found[-1] == Unread("the end", "the text is truncated")


def test_result_of_the_query_may_have_times(told):
    text = "timeOfImagePull,imageName,numberOfPulls\n11/30/26 10:05,nginx:1.27,12\n,redis,3\n"
    assert told(text) == [Event("nginx:1.27", 12, AT), Event("redis", 3)]
    row = {"imageName": "nginx:1.27", "numberOfPulls": "12", "timeOfImagePull": "11/30/26 10:05"}
    assert told(json.dumps(row)) == told(json.dumps([row])) == [Event("nginx:1.27", 12, AT)]


def test_usage_report_tells_the_account_and_the_hour(told):
    rows = [
        "2026-11-30T10,acme,library/nginx,ci,192.0.2.1,public,1.27,,4,30",
        f"2026-11-30 10,,acme/tool,,192.0.2.7,private,,{DIGEST},0,2",
        "2026-11-30T10,acme,library/redis,,192.0.2.1,public,7,,9,",
    ]
    hour = AT.replace(minute=0)
    assert told(HUB_HEAD + "\n".join(rows)) == [
        Event("library/nginx:1.27", 30, hour, "acme, 192.0.2.1", "acme"),
        Event(f"acme/tool@{DIGEST}", 2, hour, "nobody's account, 192.0.2.7", ""),
        Event("library/redis:7", 0, hour, "acme, 192.0.2.1", "acme"),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-11-30T10,acme,library/re", "3 cells, 10 in the head"),
        ("2026-11-30T10,acme,library/nginx,,,public,1,,0,many", "'many' is no number of pulls"),
    ],
)
def test_row_that_cannot_be_read_is_told_with_its_line(told, row, why):
    good = "2026-11-30T10,acme,library/nginx,,,public,1,,0,1"
    found = told(f"{HUB_HEAD}{good}\n{row}\n{good}\n")
    assert found[1] == Unread("line 3", why)
    assert len(found) == 3


def test_field_that_is_too_long_ends_no_table(told):
    found = told(f"imageName,numberOfPulls\n{'x' * 200_000},1\nnginx,2\n")
    assert found[0] == Unread("line 2", "no CSV: field larger than field limit (131072)")
    assert found[1] == Event("nginx", 2)


def test_pods_tell_what_runs_since_when_and_where(told):
    pod = {
        "metadata": {"namespace": "web", "name": "web-1"},
        "spec": {"containers": [{"image": "nginx:1"}], "initContainers": [{"image": "busybox"}]},
        "status": {"startTime": "2026-11-30T10:05:00Z"},
    }
    assert told(json.dumps({"kind": "List", "items": [pod, {"spec": 5}]})) == [
        Event("nginx:1", 1, AT, "web/web-1"),
        Event("busybox", 1, AT, "web/web-1"),
        Unread("item 2", "Expected `object`, got `int` - at `$.spec`"),
    ]


def test_files_of_other_kinds_are_refused(told, tmp_path):
    with pytest.raises(ConfigError, match="no head of a table"):
        told("a,b\n1,2\n")
    with pytest.raises(ConfigError, match="says nothing about pulls"):
        told('{"a": 1}')
    with pytest.raises(NoInput, match="is empty"):
        told("")
    with pytest.raises(NoInput, match="no such file"):
        list(events(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-30T10:05:00.123456789Z", AT.replace(microsecond=123456)),
        ("2026-11-30T11:05:00+01:00", AT),
        ("2026-11-30 10:05", AT),
        ("11/30/26 10:05", AT),
        ("yesterday", None),
        ("", None),
    ],
)
def test_moments_are_read_as_they_are_written(text, expected):
    assert moment(text) == expected


def test_a_million_lines_are_read_in_bounded_memory(tmp_path):
    file = tmp_path / "log"
    lines = (json.dumps(entry()) + "\n") * 1000
    with file.open("w") as log:
        for _ in range(1000):
            log.write(lines)
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom planner.pull_events import Event, events\n"
        "def most():\n    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = most()\n"
        "count = sum(isinstance(each, Event) for each in events(Path(sys.argv[1])))\n"
        "print(count, most() - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    count, grown = map(int, done.stdout.split())
    assert file.stat().st_size > 150 << 20
    assert (count, grown < 16 << 10) == (1_000_000, True)  # KiB


NAMES = st.sampled_from(["nginx:1.27", "grafana/grafana:11", "ghcr.io/a/b:1"])


@given(st.lists(NAMES, min_size=1), st.booleans())
def test_events_are_what_a_plan_counts(tmp_path_factory, names, array):
    file = tmp_path_factory.mktemp("log") / "log"
    entries = [entry(f'Pulling image "{name}"') for name in names]
    file.write_text(json.dumps(entries) if array else "\n".join(map(json.dumps, entries)))
    counted = sum(demand.read([file]).pulls.values())
    assert [each.name for each in events(file) if isinstance(each, Event)] == names
    assert counted == len(names)


@given(st.binary())
def test_no_bytes_after_a_good_line_make_it_raise(tmp_path_factory, rest):
    file = tmp_path_factory.mktemp("log") / "log"
    file.write_bytes(json.dumps(entry()).encode() + b"\n" + rest)
    assert next(iter(events(file))) == PULL
    assert list(events(file))
