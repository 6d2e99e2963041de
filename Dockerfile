# hub2ar's own image, for engines that run containers: docs/engines.md. Nothing of it comes from Docker Hub.
#
#   docker build --tag hub2ar .
#   docker run --rm -v "$PWD:/work:ro" hub2ar apply /work/plan.json --only transfers
#
# Both bases have Python 3.13. The second is Debian's Python and nothing else: no shell, no package manager, and
# a user, 65532, who is not root.

FROM ghcr.io/astral-sh/uv:python3.13-trixie-slim AS build

ENV PYTHONHASHSEED=0
WORKDIR /app

# No source is built: each package is a wheel whose hash is known. Its own tests are left out.
COPY deploy/requirements.txt /tmp/requirements.txt
RUN uv pip install --no-cache --target /app --no-deps --only-binary :all: --require-hashes \
        --requirements /tmp/requirements.txt \
    && find /app -type d -name tests -prune -exec rm -rf {} + \
    && rm -rf /app/bin /app/.lock

COPY planner /app/planner
COPY reports /app/reports

# Compiled by content and not by time, so that two builds are the same and a start compiles nothing.
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash /app


FROM gcr.io/distroless/python3-debian13:nonroot

LABEL org.opencontainers.image.title="hub2ar" \
      org.opencontainers.image.description="Move container images from Docker Hub to Google Artifact Registry" \
      org.opencontainers.image.licenses="Apache-2.0 AND MIT"

COPY --from=build /app /app

ENV PYTHONPATH=/app \
    PYTHONUNBUFFERED=1
USER 65532:65532
ENTRYPOINT ["/usr/bin/python3", "-m", "planner"]
CMD ["--help"]
