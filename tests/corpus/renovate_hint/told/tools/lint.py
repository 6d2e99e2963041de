"""Lint with pinned containers."""

import subprocess

# renovate: datasource=docker depName=koalaman/shellcheck
SHELLCHECK = "v0.10.0"
# renovate: datasource=pypi depName=ruff
RUFF = "0.6.9"
# renovate: datasource=docker depName=mvdan/shfmt
SHFMT = "mvdan/shfmt:v3.9.0"


def run(*arguments: str) -> None:
    subprocess.run(arguments, check=True)
