"""hub2ar mirror: settings of runtimes for a mirror of Docker Hub, and references that do without one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli import _choice, _completing, _options

if TYPE_CHECKING:
    from planner.runtimes._known import Setting

_output = click.option(
    "--output-format", type=_choice.Choice(["text", "json"]), default="text", show_default=True
)
_mirror = click.option(
    "--mirror", "spelled", default="mirror.gcr.io", metavar="NAME", show_default=True,
    help="mirror.gcr.io, or LOCATION-docker.pkg.dev/PROJECT/REPOSITORY.",
)  # fmt: skip
_files = click.option(
    "--file",
    "files",
    multiple=True,
    metavar="FILE",
    shell_complete=_completing.files,
    help="Read this file of a runtime (repeatable).",
)


@click.group("mirror", short_help="Configure and check mirrors of Docker Hub.")
def command() -> None:
    """Tell Docker, containerd, BuildKit, Podman and others to use a mirror of Docker Hub.

    \b
    Examples:
      hub2ar mirror config docker --write
      docker system info | hub2ar mirror verify -
      hub2ar mirror explain nginx:1.27
      hub2ar mirror lint deploy/
    """


@command.command("config", short_help="Print or write the settings that make a runtime use a mirror.")
@click.argument("runtime", metavar="RUNTIME", shell_complete=_completing.runtimes)
@_mirror
@click.option(
    "--file",
    "name",
    metavar="FILE",
    shell_complete=_completing.files,
    help="The file to merge into [default: where RUNTIME reads it].",
)
@click.option("--write", is_flag=True, help="Write the file; the old one is kept beside it as FILE.bak.")
@click.option("--diff", is_flag=True, help="Print what would change.")
@_options.root
def config(runtime: str, spelled: str, name: str | None, write: bool, diff: bool, root: Path) -> int:
    """Print the settings that make RUNTIME use a mirror, merged into those that it has.

    RUNTIME is one of: buildkit, buildx, containerd, dind, docker, docker-containerd-store, docker-desktop,
    github-actions, gitlab-runner, gke, k3s (and RKE2), kaniko, kind, minikube, podman (and CRI-O, Buildah,
    Skopeo), testcontainers.

    Existing mirrors keep their order. A repository of your own goes before Google's cache, which goes before
    Docker Hub; anything else goes to the end.

    \b
    Examples:
      hub2ar mirror config docker
      sudo hub2ar mirror config docker --write
      hub2ar mirror config podman --mirror us-docker.pkg.dev/acme/hub --diff
    """
    from planner.cli import _mirror_config
    from planner.runtimes._base import Mirror
    from planner.runtimes._known import runtime as known

    mirror, chosen = Mirror.parse(spelled), known(runtime)
    merged = _mirror_config.merged(chosen, mirror, name, root)
    if write:
        _mirror_config.write(merged)
    else:
        _mirror_config.show(merged, diff=diff)
    _mirror_config.explain(chosen, mirror, with_flag=not write)
    return 0


@command.command("verify", short_help="Say whether a mirror is asked, and in which order.")
@click.argument("info", required=False, metavar="[INFO]", shell_complete=_completing.files)
@_mirror
@_files
@_options.root
@_output
def verify(info: str | None, spelled: str, files: tuple[str, ...], root: Path, output_format: str) -> int:
    """Say whether a mirror is asked, in which order, and what prevents it. Exit 10 if anything does.

    INFO is the output of `docker system info`, as text or JSON, in a file or - for standard input. Without it
    the files of the runtimes are read: those of --file, else those of this machine.

    \b
    Examples:
      docker system info | hub2ar mirror verify -
      hub2ar mirror verify
      hub2ar mirror verify --file daemon.json --file hosts.toml
    """
    from planner.cli import _mirror_verify
    from planner.runtimes._base import Mirror

    mirror = Mirror.parse(spelled)
    if info is not None:
        return _mirror_verify.running(info, mirror, output_format)
    return _mirror_verify.configured(_settings(files, root), mirror, output_format)


@command.command("explain", short_help="Say which hosts each runtime asks for a reference, in order.")
@click.argument("reference")
@_files
@_options.root
@_output
def explain(reference: str, files: tuple[str, ...], root: Path, output_format: str) -> int:
    """Say which hosts each runtime asks for REFERENCE, in which order, and what it does on a miss.

    This follows the files of this machine, or those of --file, and the defaults of a runtime that has none.
    GKE, Cloud Build and Cloud Run are among them.

    \b
    Examples:
      hub2ar mirror explain nginx:1.27
      hub2ar mirror explain nginx --file registries.conf --output-format json
    """
    from planner.cli import _mirror_text, _text
    from planner.model.reference import Reference
    from planner.runtimes._routes import routes

    found = routes(Reference.parse(reference), _settings(files, root))
    if output_format == "json":
        _text.document(found)
    else:
        _text.say(_mirror_text.routes(found))
    return 0


@command.command("lint", short_help="List references to mirror.gcr.io, which have no fallback.")
@click.argument("paths", nargs=-1, metavar="[INVENTORY|PATH]...", shell_complete=_completing.files)
@_output
@_options.config
@_options.scanning
def lint(
    paths: tuple[str, ...], output_format: str, config_file: Path | None, scanning: _options.Scanning
) -> int:
    """List references that name mirror.gcr.io themselves, with the edit that gives them a fallback.

    A runtime with a mirror falls back to Docker Hub; a name that spells mirror.gcr.io fails when the cache
    does not hold the image. Exit 10 if there are any.

    \b
    Examples:
      hub2ar mirror lint
      hub2ar mirror lint inventory.json --output-format json
    """
    from planner import config, errors
    from planner.cli import _lines, _mirror_text, _scanning, _text
    from planner.runtimes._direct import direct

    settings = scanning.over(config.load(config_file))
    found = tuple(direct(_scanning.trees(paths, settings, scanning)))
    if output_format == "json":
        _text.document(found)
    else:
        _text.say(line for item in found for line in _mirror_text.direct(item))
    _lines.remark([f"{_text.counted(len(found), 'reference')} to a mirror without a fallback"])
    return errors.PENDING if found else 0


def _settings(files: tuple[str, ...], root: Path) -> "tuple[Setting, ...]":
    from planner.cli import _machine

    return tuple(_machine.named(files) if files else _machine.settings(root))
