"""The scenario people, by what they show. `infra.registries.scenarios` puts them in their order."""
