"""Airflow: the images that tasks run in, as operators, decorators and pods of a DAG name them.

A template (`{{ var.value.image }}`) is filled in when the task runs.
"""

from collections.abc import Iterator

from planner.formats import _code_kept as kept
from planner.formats._base import Format, Given, Item
from planner.formats._code_file import CodeFile
from planner.formats._python_calls import Rule, called, packages, settings
from planner.model.inventory import Confidence
from planner.model.source import SourceFile

_RULES = (
    Rule("", "task.docker"),
    Rule("", "task.kubernetes"),
    Rule("", "task.kubernetes_cmd"),
    Rule("", "*DockerOperator"),
    Rule("", "*DockerSwarmOperator"),
    Rule("", "*PodOperator"),
    Rule("", "*KubernetesJobOperator"),
    Rule("", "*StartJobOperator"),
    Rule("", "*AzureContainerInstancesOperator"),
    Rule("", "*SparkKubernetesOperator"),
    Rule("", "*Operator.partial"),
    Rule("", "V1Container"),
)
_KEYS = ("KubernetesExecutor", "default_args")


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images that the tasks of a DAG name."""
    file = kept.with_kept(source, CodeFile.read(source), given)
    if "airflow" in packages(file) or "Operator(" in source.text:
        yield from kept.definitions(source, file)
        yield from called(file, _RULES, frozenset())
        yield from settings(file, _KEYS[:1])
        yield from settings(file, _KEYS[1:], Confidence.HEURISTIC)


FORMAT = Format(
    name="airflow",
    patterns=("*.py",),
    words=((b"airflow", b"DockerOperator", b"PodOperator"), (b"image",)),
    extract=extract,
    own_code=True,
    specification="https://airflow.apache.org/docs/apache-airflow-providers-cncf-kubernetes/stable/operators.html",
)
