"""Plan and carry out a migration from Docker Hub to Google Artifact Registry."""

__version__ = "0.1.0"
