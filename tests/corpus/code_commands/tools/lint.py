"""Run the linters of all languages, each in its own container."""

import os
import subprocess

SHELLCHECK = "koalaman/shellcheck:v0.10.0"


def shell(files: list[str]) -> None:
    subprocess.run(
        ["docker", "run", "--rm", "-v", f"{os.getcwd()}:/mnt:ro", SHELLCHECK, "--severity=style", *files],
        check=True,
    )


def dockerfiles(path: str) -> None:
    subprocess.check_call(f"docker run --rm -i hadolint/hadolint:2.12.0 < {path}", shell=True)


def everything() -> None:
    print("docker run --rm example/of-a-message:1")
    os.system("docker pull markdownlint/markdownlint:0.13.0 && true")
