"""Snakemake: containers of rules and of the workflow."""

import pytest
from extracted import extracted


def found(text, path="Snakefile", **given):
    return extracted("snakemake", text, path, **given)


@pytest.mark.parametrize(
    "text",
    [
        'rule a:\n    container: "docker://nginx:1"\n',
        "rule a:\n    singularity:\n        'docker://nginx:1'\n",
        'containerized: "docker://nginx:1"\n',
        'V = "1"\nrule a:\n    container: f"docker://nginx:{V}"\n',
    ],
)
def test_container(text):
    assert found(text).pulled == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize(
    "text", ['rule a:\n    container: "a.sif"\n', '# container: "docker://a"\n', 'rule a:\n    shell: "x"\n']
)
def test_text_that_names_no_container(text):
    assert found(text).pulled == []
