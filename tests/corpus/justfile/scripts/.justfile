export NODE := "20-slim"
engine := if os() == "linux" { "podman" } else { "docker" }

lint:
    #!/usr/bin/env bash
    set -euo pipefail
    for image in node:$NODE python:3.12; do
        {{engine}} pull "docker.io/library/$image"
    done

notes:
    #!/usr/bin/env python3
    print("docker run python:0")

mermaid file="docs/*.mmd":
    {{ engine }} run --rm -u "$(id -u)" -v .:/data minlag/mermaid-cli:10.9.1 -i {{file}}
