"""The local platform: moto as AWS, filled from template.yaml, and an API Gateway in front."""
