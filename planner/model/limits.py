"""What Artifact Registry allows in one repository (https://cloud.google.com/artifact-registry/quotas)."""

LABELS = 64
UPSTREAMS = 30  # of a virtual repository
CLEANUP_POLICIES = 10
DIGESTS = 250  # that one cleanup policy keeps; no limit is documented, this one keeps a request small
