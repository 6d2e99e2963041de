"""How often images are pulled, as files tell it."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import demand
from planner.demand import read
from planner.errors import ConfigError, NoInput

HUB_HEAD = (
    "datehour,user_name,repository,access_token_name,ips,repository_privacy,tag,digest,version_checks,pulls\n"
)
DIGEST = f"sha256:{'a' * 64}"


@pytest.fixture
def pulls(tmp_path):
    def of(text, name="file"):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return {str(reference): count for reference, count in read([file]).pulls.items()}

    return of


def entry(message, reason="Pulling"):
    return {"resource": {"type": "k8s_pod"}, "jsonPayload": {"reason": reason, "message": message}}


ENTRIES = [
    entry('Pulling image "nginx:1.27"'),
    entry('Successfully pulled image "nginx:1.27" in 2s', "Pulled"),
    entry('Pulling image "grafana/grafana:11"'),
    entry('Pulling image "nginx:1.27"'),
]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(map(json.dumps, ENTRIES)),
        json.dumps(ENTRIES),
        json.dumps(ENTRIES, indent=2),
        "\ufeff" + json.dumps(ENTRIES),
    ],
    ids=["lines", "array", "indented", "marked"],
)
def test_every_pull_in_a_log_counts_once(pulls, text):
    assert pulls(text) == {"docker.io/grafana/grafana:11": 1, "docker.io/library/nginx:1.27": 2}


@given(st.lists(st.sampled_from(ENTRIES), min_size=1), st.integers(1, 200))
def test_log_is_read_alike_in_pieces_of_any_size(entries, size):
    class Slowly(io.BytesIO):
        def read(self, most=-1):
            return super().read(size)

    content = json.dumps(entries).encode()
    whole = list(demand._log(None, io.BytesIO(content)))
    assert list(demand._log(None, Slowly(content))) == whole
    assert len(whole) == sum(each["jsonPayload"]["reason"] == "Pulling" for each in entries)


@pytest.mark.parametrize(
    "text",
    [
        "imageName,numberOfPulls\nnginx,12\nmirror.gcr.io/library/redis:7,3\n",
        "numberOfPulls,imageName\r\n12,nginx\r\n3,mirror.gcr.io/library/redis:7\r\n",
        '[{"imageName":"nginx","numberOfPulls":"12"},{"imageName":"mirror.gcr.io/library/redis:7","numberOfPulls":3}]',
        '{"imageName":"nginx","numberOfPulls":"12"}\n\n{"numberOfPulls":3,"imageName":"mirror.gcr.io/library/redis:7"}',
    ],
    ids=["csv", "other order", "json", "json lines"],
)
def test_result_of_the_query_is_read(pulls, text):
    assert pulls(text) == {"docker.io/library/nginx": 12, "mirror.gcr.io/library/redis:7": 3}


def test_usage_report_of_docker_hub_is_read(pulls):
    rows = [
        "2026-11-01T10,acme,library/nginx,,192.0.2.1,public,1.27,,4,30",
        "2026-11-01T11,acme,library/nginx,,192.0.2.1,public,1.27,,0,12",
        f"2026-11-01T11,acme,acme/tool,ci,192.0.2.1,private,,{DIGEST},0,2",
        "2026-11-01T12,acme,library/redis,,192.0.2.1,public,7,,9,",
        "2026-11-01T12,acme,library/re",
    ]
    assert pulls(HUB_HEAD + "\n".join(rows)) == {
        f"docker.io/acme/tool@{DIGEST}": 2,
        "docker.io/library/nginx:1.27": 42,
        "docker.io/library/redis:7": 0,
    }


def test_container_of_a_cluster_counts_as_a_pull(pulls):
    pod = {"spec": {"containers": [{"image": "nginx:1"}], "initContainers": [{"image": "busybox:1"}]}}
    listed = {"apiVersion": "v1", "kind": "List", "items": [pod, pod, {"spec": {}}, {"status": {}}]}
    assert pulls(json.dumps(listed)) == {"docker.io/library/busybox:1": 2, "docker.io/library/nginx:1": 2}


def test_files_add_up_and_what_is_no_reference_is_told(tmp_path):
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(f"imageName,numberOfPulls\nnginx,1\n{DIGEST},5\nNginx,1\n")
    two.write_text("imageName,numberOfPulls\ndocker.io/nginx,2\n")
    found = read([one, two])
    assert {str(name): count for name, count in found.pulls.items()} == {"docker.io/library/nginx": 3}
    assert found.notes == (f"{one}: 2 names in it are no reference, first '{DIGEST}'; left out",)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("", NoInput, "is empty"),
        ("a,b\n1,2\n", ConfigError, ":1: 'a,b' is no head of a table about pulls"),
        ('{"a": 1}', ConfigError, "says nothing about pulls"),
        (f"imageName,numberOfPulls\n{'x' * 200_000},1\n", ConfigError, ":2: no CSV: field larger than"),
        ("imageName,numberOfPulls\nnginx,1\nredis,many\n", ConfigError, ":3: 'many' is no number of pulls"),
        (
            '{"imageName":"a","numberOfPulls":1}\n{"imageName":2}',
            ConfigError,
            ":2: $.imageName: expected str, got int",
        ),
        ('{"kind": "List", "items": [{"spec": 1}]}', ConfigError, "$.items[0].spec"),
        ('{"kind": "List", "items": [', ConfigError, "truncated"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, text, kind, said):
    file = tmp_path / "pulls"
    file.write_text(text)
    with pytest.raises(kind) as error:
        read([file])
    assert said in error.value.message
    assert str(file) in error.value.message


def test_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NoInput, match="cannot be read: no such file or directory"):
        read([tmp_path / "none"])
