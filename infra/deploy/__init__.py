"""Deploying a stage, and the proof that it works: `make deploy-check` (docs/deploy.md)."""
