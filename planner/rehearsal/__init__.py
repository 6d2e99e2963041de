"""Stand-ins for the registries and the Artifact Registry API, on loopback."""
