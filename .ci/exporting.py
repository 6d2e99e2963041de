"""Write what the code knows of exports into a file: .ci/exporting.py docs/exporting.md."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from planner.exports._base import Export, Options
from planner.exports._known import exports
from planner.model.job import Copy, Warm
from planner.model.plan import CreateRepository, Grant, Keep, Plan, Rewrite
from planner.model.reference import Reference
from planner.model.repository import Cleanup, Mode, Setup, Target
from planner.model.source import Fragment, Part, SourceFile

REMOTE = Target("acme-prod", "europe", "docker-hub", Mode.REMOTE)
COPIES = Target("acme-prod", "europe", "docker-hub-copies", Mode.STANDARD)
VALUES = SourceFile("charts/web/values.yaml", 'image:\n  repository: nginx\n  tag: "1.27"\n')
FENCES = {
    **{".tf": "hcl", ".sh": "sh", ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"},
    **{".service": "ini", ".timer": "ini", ".crontab": "crontab"},
}
HEAD = """# Exports

Written by `make docs` from the code.

`hub2ar export FORMAT [PLAN]` writes what a plan says as files for other tools. Nothing is changed and no
registry is asked: the same plan gives the same files. PLAN is `plan.json` by default, and `-` is standard
input.

```sh
hub2ar plan --project acme-prod --location europe
hub2ar export terraform                          # to standard output
hub2ar export terraform --format json -o repositories.tf.json
hub2ar export gcloud -o hub2ar.sh && bash hub2ar.sh
hub2ar export gatekeeper -o policies/            # two files, so a directory
hub2ar export kyverno --enforce | kubectl apply -f -
hub2ar export names -o names.toml
```

With `-o` and a directory, files have their usual names; a name that ends in a slash is a directory, which
is made. A file is written whole or not at all. A plan that cannot be carried out is refused, as `apply`
refuses it.

**Either `apply` or an export creates the repositories.** `terraform` and `gcloud` create the same ones as
`apply`: tests translate their output back into requests of the Artifact Registry API, and compare. If a
tool cannot express everything, its section says so. Afterwards `hub2ar apply --only transfers` moves the
images.

**Passwords are never in a file.** A remote repository logs in to its upstream with a version of a secret,
whose name is in the file; the secret has to exist first. Grants to Artifact Registry's own service agent
are written with the number of the project looked up when the file is used.

**Guards report first.** They look for images of the registries that the plan moves, however a pod spells
them, and leave alone what the plan keeps. Without `--enforce` they report; with it they refuse. What the
plan leaves to a person is reported too, until it is decided.

**Engines run hub2ar** as `hub2ar apply PLAN --only transfers`, once or on a schedule;
[engines.md](engines.md) says which one is for whom. **Other tools** get the list of copies; what they
cannot do is counted in the header of their file.

| export | what it writes | more |
|---|---|---|
"""
PARTS = """
The examples are of a plan that pulls `nginx:1.27` through a remote repository, copies `redis:7` and keeps
`postgres:16`.
"""


def reference(text: str) -> Reference:
    """Read a reference."""
    return Reference.parse(text)


def example() -> Plan:
    """Return the plan of the examples."""
    nginx = reference("europe-docker.pkg.dev/acme-prod/docker-hub/library/nginx:1.27")
    redis = reference("europe-docker.pkg.dev/acme-prod/docker-hub-copies/library/redis:7")
    digest = f"sha256:{'5' * 64}"
    reader = "serviceAccount:nodes@acme-prod.iam.gserviceaccount.com"
    cleanup = Setup({"team": "platform"}, cleanup=Cleanup(30 * 86_400, keep=(digest,)))
    name = Fragment(Part.NAME, VALUES.text.index("nginx"), VALUES.text.index("nginx") + 5, "nginx")
    named = "the code names Docker Hub's content here"
    return Plan(
        (REMOTE, COPIES),
        (
            CreateRepository(REMOTE, "a proxy of Docker Hub that keeps what was pulled through it"),
            CreateRepository(COPIES, "holds copies, which stay when their source is gone", setup=cleanup),
            Grant(REMOTE, "roles/artifactregistry.reader", reader, "pulls from it"),
            Warm(reference("nginx:1.27"), nginx, None, "public image"),
            Copy(reference("redis:7"), reference("redis:7"), redis, digest, "runs in production"),
            Rewrite(VALUES.path, 2, 15, "nginx:1.27", reference("nginx:1.27"), nginx, (name,), named),
            Rewrite("compose.yaml", 3, 12, "redis:7", reference("redis:7"), redis, (), named),
            Keep(reference("postgres:16"), ("compose.yaml:6",), "rule 1 says so"),
        ),
        (),
        "",
        datetime(2026, 11, 30, tzinfo=UTC),
    )


def document() -> str:
    """Return the document."""
    every = exports()
    rows = "".join(f"{row(each)}\n" for each in every)
    return HEAD + rows + PARTS + "".join("\n" + "\n".join(section(each)) + "\n" for each in every)


def spelled(export: Export) -> str:
    """Return how an export is called on the command line."""
    return export.name.replace("_", "-")


def row(export: Export) -> str:
    """Return an export's row of the table."""
    more = [f"`--format {syntax}`" for syntax in export.syntaxes[1:]]
    more += ["`--enforce`"] if export.guards else []
    more += [f"`--{name.replace('_', '-')}`" for name in export.takes]
    return f"| [{spelled(export)}](#{spelled(export)}) | {export.title} | {', '.join(more)} |"


def section(export: Export) -> Iterator[str]:
    """Yield the lines on one export."""
    _, _, about = (import_module(f"planner.exports.{export.name}").__doc__ or "").partition(": ")
    first, _, rest = about.partition("\n\n")
    yield f"## {spelled(export)}\n"
    yield f"{first[0].upper()}{first[1:]}".strip() + "\n"
    yield f"{rest.strip()}\n"
    options = Options(next(iter(export.syntaxes), ""), sources={VALUES.path: VALUES})
    for file in export.render(example(), options):
        yield f"`{file.name}`:\n"
        yield f"```{FENCES[Path(file.name).suffix]}\n{file.text}```\n"
    yield f"[Specification]({export.specification})"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
