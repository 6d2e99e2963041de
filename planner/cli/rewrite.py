"""hub2ar rewrite: make the code name what a plan says."""

from pathlib import Path

import click

from planner.cli import _choice, _completing, _options


@click.command("rewrite", short_help="Make the code name what a plan says.")
@click.argument("plan", default="plan.json", metavar="[PLAN]", shell_complete=_completing.files)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--strategy",
    type=_choice.Choice(["edit", "central"]),
    default="edit",
    show_default=True,
    help="`central` prefers one place that serves many: an entry of a kustomization, a registry"
    " for all images of a chart, a prefix of Testcontainers, a context of builds.",
)
@click.option("--diff", is_flag=True, help="Print a patch for `git apply`; change nothing.")
@click.option("--check", is_flag=True, help="Show what would change; exit 10 if anything would.")
@click.option(
    "--patch-dir",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write patches there instead, one for each repository.",
)
@click.option("--by-owner", is_flag=True, help="With --patch-dir: one patch for each owner of files.")
@click.option(
    "--branch", metavar="NAME", help="Commit on a new branch of each repository; leave the work tree alone."
)
@click.option("--revert", is_flag=True, help="Put back what PLAN's files held before.")
@click.option("--allow-dirty", is_flag=True, help="Edit repositories with uncommitted changes too.")
@click.option("--unverified", is_flag=True, help="Do not check that the destinations exist.")
@click.option(
    "--outcomes",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Outcomes of `apply` or `verify`; without, the destinations are asked.",
)
@_options.config
def command(
    plan: str,
    paths: tuple[Path, ...],
    strategy: str,
    diff: bool,
    check: bool,
    patch_dir: Path | None,
    by_owner: bool,
    branch: str | None,
    revert: bool,
    allow_dirty: bool,
    unverified: bool,
    outcomes: Path | None,
    config_file: Path | None,
) -> int:
    """Edit the files below PATH, by default the working directory, so that they name what PLAN says.

    PATH is a tree that the plan was made of. Only the names of images change. Each file is edited whole or
    not at all, and so is each repository: one in which a scan of the edited files would find anything but
    what was planned stays as it is. A second run changes nothing.

    \b
    Examples:
      hub2ar rewrite --diff | git apply --check
      hub2ar rewrite plan.json --outcomes outcomes.jsonl
      hub2ar rewrite plan.json ../backend --patch-dir patches
      hub2ar rewrite --strategy central --check
      hub2ar rewrite plan.json --revert
    """
    from planner import config
    from planner.cli import _rewriting

    modes = {
        "--diff": diff,
        "--check": check,
        "--patch-dir": bool(patch_dir),
        "--branch": bool(branch),
        "--revert": revert,
    }
    said = [name for name, given in modes.items() if given]
    if len(said) > 1:
        raise click.UsageError(f"{said[0]} and {said[1]} exclude one another")
    if by_owner and not patch_dir:
        raise click.UsageError("--by-owner is for --patch-dir")
    settings = config.load(config_file)
    trust = _rewriting.Trust(allow_dirty, unverified, outcomes)
    todo = _rewriting.Todo(plan, paths or (Path(),), settings, trust, central=strategy == "central")
    match said:
        case ["--diff"]:
            return _rewriting.diff(todo)
        case ["--check"]:
            return _rewriting.check(todo)
        case ["--revert"]:
            return _rewriting.revert(todo)
        case _:
            if patch_dir:
                return _rewriting.patches(todo, patch_dir, by_owner=by_owner)
            if branch:
                return _rewriting.branches(todo, branch)
            return _rewriting.in_place(todo)
