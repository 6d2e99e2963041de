"""hub2ar export: a plan as files for other tools."""

from pathlib import Path

import click

from planner.cli import _completing

_HELP = """Write what PLAN says as files for other tools; change nothing. PLAN is plan.json, or - for stdin.

\b
The same repositories as `apply` makes, and who may use them:
  terraform             repositories, IAM and cleanup for Terraform
                        [--format hcl, json]
  gcloud                the same as a script that may be run again
  config-connector      the same as objects of Config Connector

\b
Guards for afterwards, which only report unless you --enforce them:
  kyverno               a Kyverno policy against images that were moved
  gatekeeper            a Gatekeeper constraint against images that were moved
  binary-authorization  a policy that admits only what was moved or kept

\b
New names for other tools:
  renovate              settings that keep finding updates of what was moved
  kustomize             a component with the new name of each image
  helm                  --set values for what values files name
  names                 what images are called: edit it, and plan with it
                        [--format toml, csv]

\b
Engines that run hub2ar, once or on a schedule:
  cloud-run             a Cloud Run job, and its schedule
                        [--format job, scheduler]
  kubernetes-job        an Indexed Job of Kubernetes, or a CronJob
                        [--format job, cronjob]
  cloud-build           a configuration of Cloud Build
  github-actions        a workflow with a schedule
  gitlab                a job for schedules
  systemd               a service and its timer
  crontab               a line of a crontab

\b
The copies for other tools:
  crane                 a script that copies with crane or gcrane
  skopeo                lists for skopeo sync, or a script of skopeo copy
                        [--format sync, script]
  oras                  a script that copies with oras
  regsync               a configuration of regsync that copies
  image-syncer          a list of images, and a script that runs it

\b
Examples:
  hub2ar export terraform
  hub2ar export terraform --format json -o repositories.tf.json
  hub2ar plan -o - | hub2ar export gcloud - -o hub2ar.sh
  hub2ar export gatekeeper -o policies/ --enforce
  hub2ar export kubernetes-job --tasks 16 --parallelism 4 | kubectl apply -f -
"""


@click.command("export", help=_HELP)
@click.argument("name", metavar="FORMAT", shell_complete=_completing.exports)
@click.argument("plan", default="plan.json", metavar="[PLAN]", shell_complete=_completing.files)
@click.option(
    "-o",
    "--output",
    default="-",
    show_default=True,
    metavar="DIR|FILE|-",
    shell_complete=_completing.files,
    help="Where to; in a directory, which may end in a slash, files have their usual names.",
)
@click.option(
    "--format", "syntax", default="", metavar="SYNTAX", help="Another syntax, where there are several."
)
@click.option("--enforce", is_flag=True, help="Let a guard refuse what it finds, and not only report it.")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Where the files are that the plan names, for helm. [default: the working directory]",
)
@click.option("--image", metavar="IMAGE", help="The image of hub2ar itself, for engines that run containers.")
@click.option("--tasks", type=int, metavar="N", help="Tasks that share the transfers. [default: 4]")
@click.option("--parallelism", type=int, metavar="N", help="Tasks at once. [default: all]")
@click.option("--schedule", metavar="CRON", help="When it is run, in UTC. [default: 17 3 * * *]")
@click.option("--region", metavar="REGION", help="Where it is run. [default: where the images go]")
@click.option("--service-account", metavar="EMAIL", help="What it runs as. [default: hub2ar of the project]")
@click.option(
    "--folder",
    metavar="gs://…|DIR",
    shell_complete=_completing.folders,
    help="Where plan.json is, and where outcomes go. [default: see the head]",
)
def command(
    name: str,
    plan: str,
    output: str,
    syntax: str,
    enforce: bool,
    root: Path,
    **engine: str | int | None,
) -> int:
    """Write the files of one export."""
    from planner.cli import _export

    chosen = {field: value for field, value in engine.items() if value is not None}
    _export.write(_export.rendered(name, plan, syntax, root, chosen, enforce=enforce), output)
    return 0
