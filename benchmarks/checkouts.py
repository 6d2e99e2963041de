"""Public repositories at a fixed commit, from GitHub or from git directories of this machine."""

import subprocess
from pathlib import Path

COMMITS = {
    "GoogleCloudPlatform/microservices-demo": "34ffea9175946982c3088ed84994fe6019ad6e92",
    "bitnami/charts": "5165628ae06697f8f68a670bef7739d93c4b7f44",
    "docker/awesome-compose": "18f59bdb09ecf520dd5758fbf90dec314baec545",
    "grafana/loki": "65e30f8488e8a5ea2013c6881675f8103a8f6bc7",
    "moby/buildkit": "73ed6825c4b7569379ef89df0aedcdbe64473d31",
}


def checkout(name: str, folder: Path, mirror: Path | None) -> Path:
    """Make a work tree of OWNER/NAME below a folder, without history; return it.

    `mirror` has git directories DIR/OWNER+NAME/repo; files whose blobs they do not hold are left out, and git
    says so. Raises CalledProcessError where the commit cannot be fetched.
    """
    tree = folder / name.replace("/", "+")
    tree.mkdir(parents=True)
    git(tree, "init", "--quiet")
    if mirror:
        source = (mirror / tree.name / "repo").resolve()
        (tree / ".git" / "objects" / "info" / "alternates").write_text(f"{source / 'objects'}\n")
    else:
        url = f"https://github.com/{name}.git"
        git(tree, "fetch", "--quiet", "--no-tags", "--depth=1", url, COMMITS[name])
    git(tree, "read-tree", COMMITS[name])
    git(tree, "checkout-index", "--all", "--force", "--quiet", check=not mirror)
    return tree


def git(tree: Path, *arguments: str, check: bool = True) -> None:
    subprocess.run(["git", "-C", str(tree), *arguments], check=check)
