"""What texts that nobody writes cost: calls of functions for each character, as many in a longer text."""

import re

import pytest
from counted import calls_of

SIZE = 12_000  # characters
GROWTH = 1.3  # of the calls a character, from a text to one of four times its length
HEADER = "all:\n\tdocker pull a:1\n"


def numbered(line, before="", after=""):
    """Return a text of any size of one line; N is its number, P the one before, F the next, L the last."""

    def text(size):
        often = max(size // len(line), 1)
        numbers = ({"<N>": str(n), "<P>": str(n - 1), "<F>": str(n + 1)} for n in range(1, often + 1))
        lines = (re.sub(r"<[NPF]>", lambda found, own=own: own[found[0]], line) for own in numbers)
        return before + "".join(lines) + after.replace("<L>", str(often))

    return text


# format, path, text, calls a character at most
HOSTILE = {
    "variables of make that double": (
        "makefile", "Makefile", numbered("A<N> := $(A<P>)$(A<P>)(shell pwd)\n", after=HEADER), 40,
    ),
    "lists that loops of make read": (
        "makefile", "Makefile",
        numbered("\tdocker pull $(foreach i,$(X),$(i) )\n", f"X ={' a' * 4000}\n{HEADER}"), 60,
    ),
    "profiles of skaffold that say nothing": (
        "skaffold", "skaffold.yaml",
        numbered("- name: a<N>\n", "apiVersion: skaffold/v4beta1\nkind: Config\nprofiles:\n"), 30,
    ),
    "commands that a matrix runs again": (
        "appveyor", "appveyor.yml",
        numbered(
            "- cmd: docker pull %A%:%B%-<N>\n",
            "environment:\n  A: a\n  matrix:\n  - B: 1\n  - B: 2\ninstall:\n",
        ), 40,
    ),
    "commands beside as many variables of a row": (
        "appveyor", "appveyor.yml",
        lambda size: "environment:\n  matrix:\n  - A: 1\n"
        + "".join(f"    A{n}: 1\n" for n in range(size // 30))
        + "  - A: 2\ninstall:\n"
        + "".join(f"- echo docker {n}\n" for n in range(size // 30)), 20,
    ),
    "variables of a Taskfile that double": (
        "taskfile", "Taskfile.yml",
        numbered(
            '  A<N>: "{{.A<P>}}{{.A<F>}} run"\n', "version: '3'\nvars:\n",
            "tasks:\n  x:\n    cmds: [docker pull $A<L>]\n",
        ), 20,
    ),
    "targets of bake that nobody inherits from": (
        "docker_bake", "docker-bake.hcl", numbered('target "a<N>" { tags = ["a"] }\n'), 30,
    ),
    "variables with every second character": (
        "earthfile", "Earthfile", numbered("$a", "VERSION 0.8\nx:\n    FROM "), 10,
    ),
    "mappings that are each merged from the one before": (
        "compose", "compose.yaml",
        numbered("a<N>: &a<N>\n  <<: *a<P>\n  image: a\n", "a0: &a0 {image: a}\n"), 20,
    ),
    "mappings that are merged from a large one": (
        "compose", "compose.yaml",
        lambda size: "x: &x {}\na: &a\n  <<: *x\n"
        + "".join(f"  k{n}: v\n" for n in range(size // 30))
        + "".join(f"b{n}:\n  <<: *a\n" for n in range(size // 30)), 10,
    ),
    "fields of a large mapping that many are merged from": (
        "bitbucket_pipelines", "bitbucket-pipelines.yml",
        lambda size: "definitions: &a\n"
        + "".join(f"  k{n}: v\n" for n in range(size // 30))
        + "".join(f"b{n}:\n  <<: *a\n" for n in range(size // 30)), 60,
    ),
    "documents that say nothing of images": (
        "kustomize", "kustomization.yaml", numbered("--- {}\n", "a: b\n"), 10,
    ),
    "releases of a helmfile with many environments": (
        "helmfile", "helmfile.yaml",
        numbered(
            "- {name: a<N>, chart: 'oci://a/{{ .Values.b }}'}\n",
            "values: [{b: c}]\nenvironments:\n"
            + "".join(f"  e{n}: {{values: [{{d: {n}}}]}}\n" for n in range(30))
            + "releases:\n",
        ), 40,
    ),
    "steps that many jobs share": (
        "github_actions", ".github/workflows/a.yml",
        lambda size: "on: push\njobs:\n  a: &a\n    steps:\n"
        + "".join(f"    - run: echo docker {n}\n" for n in range(size // 40))
        + "".join(f"  j{n}: *a\n" for n in range(size // 40)), 60,
    ),
    "templates of variables": (
        "azure_pipelines", "azure-pipelines.yml", numbered("- template: a<N>.yml\n", "variables:\n"), 15,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "path", "text", "most"), HOSTILE.values(), ids=HOSTILE.keys())
def test_cost_of_a_character_is_bounded_and_does_not_grow(name, path, text, most):
    short, long = text(SIZE), text(4 * SIZE)
    calls_of(name, path, short[:200])  # what is imported is not counted
    few, many = calls_of(name, path, short) / len(short), calls_of(name, path, long) / len(long)
    assert many <= most
    assert many <= few * GROWTH
