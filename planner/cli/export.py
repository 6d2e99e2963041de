"""hub2ar export: a plan as files for other tools."""

from pathlib import Path

import click


@click.command("export")
@click.argument("name", metavar="FORMAT")
@click.argument("plan", default="plan.json", metavar="[PLAN]")
@click.option(
    "-o",
    "--output",
    default="-",
    show_default=True,
    metavar="DIR|FILE|-",
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
def command(name: str, plan: str, output: str, syntax: str, enforce: bool, root: Path) -> int:
    """Write what PLAN says as files for other tools; nothing is done. PLAN is plan.json, or - for stdin.

    \b
    The same repositories as `apply` makes, and who may use them:
      terraform             repositories, IAM and cleanup for Terraform
                            [--format hcl, json]
      gcloud                the same as a script that may be run again
      config-connector      the same as objects of Config Connector

    \b
    Guards for afterwards, which report until they are told to --enforce:
      kyverno               a Kyverno policy against images that were moved
      gatekeeper            a Gatekeeper constraint against images that were moved
      binary-authorization  a policy that admits only what was moved or kept

    \b
    New names for other tools:
      renovate              settings that go on to find updates of what was moved
      kustomize             a component with the new name of each image
      helm                  --set values for what values files name
      names                 what images are called: edit it, and plan with it
                            [--format toml, csv]

    \b
    Examples:
      hub2ar export terraform
      hub2ar export terraform --format json -o repositories.tf.json
      hub2ar plan -o - | hub2ar export gcloud - -o hub2ar.sh
      hub2ar export gatekeeper -o policies/ --enforce
    """
    from planner.cli import _export

    _export.write(_export.rendered(name, plan, syntax, root, enforce=enforce), output)
    return 0
