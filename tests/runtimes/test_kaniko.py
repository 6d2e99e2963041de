import pytest
import yaml
from merging import OWN, added, asked, merged

from planner.errors import ConfigError


def test_pod_keeps_its_arguments():
    before = (
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: kaniko\n    image: "
        "gcr.io/kaniko-project/executor:v1.23.2\n"
        "    args:\n    - --dockerfile=Dockerfile # here\n    - --destination=a.example/b\n"
    )
    after = merged("kaniko", before, OWN)
    assert after == before.replace("a.example/b\n", f"a.example/b\n    - --registry-mirror={OWN}\n")


def test_step_of_cloud_build():
    before = (
        "steps:\n- name: 'gcr.io/kaniko-project/executor:latest'\n  args: "
        "['--destination=x', '--cache=true']\n- name: ubuntu\n  args: [ls]\n"
    )
    after = merged("kaniko", before)
    steps = yaml.safe_load(after)["steps"]
    assert steps[0]["args"] == ["--destination=x", "--cache=true", "--registry-mirror=mirror.gcr.io"]
    assert steps[1]["args"] == ["ls"]
    assert added(before, after)


def test_several_documents_and_no_arguments():
    before = "a: b\n---\nspec:\n  containers:\n    - image: martizih/kaniko/executor\n"
    assert list(yaml.safe_load_all(merged("kaniko", before)))[1]["spec"]["containers"][0]["args"] == [
        "--registry-mirror=mirror.gcr.io"
    ]


def test_new_file_is_a_container():
    assert asked("kaniko", merged("kaniko", "", OWN)) == [OWN]


def test_file_without_kaniko_is_refused():
    with pytest.raises(ConfigError, match="starts no kaniko executor"):
        merged("kaniko", "steps: [{name: ubuntu}]\n")
