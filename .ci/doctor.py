"""Write what the code knows of hub2ar doctor into a file: .ci/doctor.py docs/doctor.md."""

import sys
from pathlib import Path

from planner.doctor.rules import RULES
from planner.registries.reach import BLOB_HOSTS

HEAD = """# Doctor

Written by `make docs` from the code.

```sh
hub2ar doctor                          # everything, in some seconds
hub2ar doctor --offline                # what files, variables and programs of this machine show
hub2ar doctor --registry ghcr.io       # this registry too (repeatable)
hub2ar doctor --output-format json     # a document, kind Diagnosis; `hub2ar show FILE` prints it
```

No pull is spent, nothing is written, and no secret is printed: of a credential you see where it is kept,
of a proxy its host. The exit code is 0 if there is nothing to fix, also with notes, and 10 if there are
problems or warnings. All hosts are asked at once; each has `--timeout` seconds, and what takes several
requests one after another (the limit, a blob, Google's token) three times as long.

## Credentials

One line for docker.io, mirror.gcr.io, the pkg.dev host of `[target]` in hub2ar.toml (`us` where there is
none), gcr.io, every registry of `[endpoints]` and of `--registry`: which credential hub2ar would send,
and where it is kept.

| line | what it means |
|---|---|
| FILE, entry KEY | user and password, or an identity token, stand in a file of docker or podman |
| DOCKER_AUTH_CONFIG, entry KEY | the same in the variable |
| docker-credential-NAME, asked for KEY (FILE) | the file names this helper, and the helper has a credential |
| Google's application default credentials: TYPE, FILE | the file of gcloud, or that of the variable |
| …: attached account, the metadata server, if there is one | no file: the account of the machine |
| …, acting for ACCOUNT | the account that CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT names |
| none: asked anonymously | no credential is sent |

With `--offline` helpers are not run, because many of them request a token from a cloud; a line then says
which one would be run first.

## Docker Hub's pull limit

A HEAD of ratelimitpreview/test, with the credential of the first section, returns it and costs nothing.

| line | what it means |
|---|---|
| limited: 76 of 100 pulls left, counted over 6 hours | as the headers say; each GET of a manifest is a pull |
| counted for the address, or the account | all behind the same NAT, or in the same IPv6 /64, share one |
| all are back at … at the latest | a whole window from now: Docker Hub tells no moment |
| unlimited | Docker Hub answered without a limit: a paid account, or the address of a partner |
| unknown | no answer, an answer that cannot be read, or a stand-in of `[endpoints]` that tells no limit |

## What can be reached

| line | what is asked |
|---|---|
| mirror.gcr.io, LOCATION-docker.pkg.dev, … | `/v2/` of the registry, where 200 and 401 are right |
| Docker Hub: registry | the same at registry-1.docker.io |
| Docker Hub: tokens | a token for anybody at auth.docker.io, or where the stand-in says |
| Docker Hub: blobs | the host that Docker Hub sends to for a blob of hello-world, found at the mirror |
| Docker Hub: some blobs | {blobs}: Docker Hub chooses among them |
| Artifact Registry API | artifactregistry.googleapis.com |

| word | what went wrong |
|---|---|
| dns | the host has no address, or the name server gave no answer |
| tls | the certificate is not trusted, or the host speaks no TLS |
| proxy | the proxy cannot be reached, refuses, or its variable is wrong |
| time-out | no connection, or no answer, in time |
| refused | nothing listens there, or a firewall says so |
| network | no route, or the connection broke off |
| protocol | the answer is not HTTP, or redirects where it must not |
| status | a status that the service itself does not use: 403 and 407 come from many firewalls |
| unknown | not asked, because the host is not known |

## Findings

Each has its place (file and line, or variable), its consequence and how to fix it. `problem`: something
fails. `warning`: something is not as intended, or fails later. `note`: nothing is wrong.

| finding | is a | what is found | so | fix |
|---|---|---|---|---|
"""
TAIL = """
`runtime` are the findings of [`hub2ar mirror verify`](mirror.md#what-verify-finds). A file that this user may
not read is a note: `sudo hub2ar doctor` sees more of /etc, and root's own credentials instead of yours.
"""


def document() -> str:
    """Return the document."""
    blobs = ", ".join(BLOB_HOSTS)
    columns = [(f"`{rule.name}`", rule.severity, rule.what, rule.follows, rule.fix) for rule in RULES]
    rows = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in columns]
    return HEAD.format(blobs=blobs) + "\n".join(rows) + "\n" + TAIL


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
