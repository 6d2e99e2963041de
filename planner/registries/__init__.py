"""The network: registries and the Artifact Registry API."""
