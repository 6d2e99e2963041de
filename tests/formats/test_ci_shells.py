"""Steps whose script is for PowerShell, cmd or Python."""

from pathlib import Path

import pytest

from planner.formats._ci_shells import other_program
from planner.scan import scan


@pytest.mark.parametrize(
    ("shell", "program"),
    [
        ("pwsh", "pwsh"), ("powershell", "powershell"), ("powershell.exe -Command", "powershell"),
        ("C:\\Windows\\cmd.exe /c", "cmd"), ("python", "python"), ("/usr/bin/python3.12 {0}", "python"),
        ("bash", ""), ("sh -e {0}", ""), ("", ""), ("/bin/bash -eo pipefail", ""), ("commander", ""),
    ],
)  # fmt: skip
def test_program_of_a_step(shell: str, program: str):
    assert other_program(shell) == program


def images(folder: Path, path: str, text: str) -> list[str]:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)
    found = scan([folder]).occurrences
    for each in found:
        for fragment in each.fragments:
            assert text[fragment.start : fragment.end] == fragment.text
    return sorted(str(each.reference).removeprefix("docker.io/library/") for each in found)


def test_steps_of_a_workflow_for_other_programs(tmp_path: Path):
    text = """\
on: push
jobs:
  a:
    runs-on: windows-2022
    strategy:
      matrix:
        version: ["3.20", "3.21"]
    steps:
    - shell: pwsh
      run: |
        $name = "alpine"
        docker pull "${name}:${{ matrix.version }}"
    - shell: cmd
      run: docker pull busybox:1
    - shell: python
      run: |
        import subprocess
        subprocess.run(["docker", "pull", "debian:13"], check=True)
"""
    assert images(tmp_path, ".github/workflows/a.yml", text) == [
        "alpine:3.20", "alpine:3.21", "busybox:1", "debian:13",
    ]  # fmt: skip


def test_steps_of_circleci_for_other_programs(tmp_path: Path):
    text = """\
version: 2.1
jobs:
  a:
    machine: true
    steps:
    - run:
        shell: powershell.exe
        command: docker pull alpine:3
"""
    assert images(tmp_path, ".circleci/config.yml", text) == ["alpine:3"]
