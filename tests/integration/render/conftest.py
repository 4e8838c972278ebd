"""Render as Lambda runs it."""

import importlib
import io
from collections.abc import Iterator

import pytest

from constancia.adapters import aws as clients
from tests.conftest import Aws
from tests.integration.render.function import Render


@pytest.fixture
def render(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Render]:
    for name, value in aws.environment("RenderFunction").items():
        monkeypatch.setenv(name, value)
    module = importlib.reload(importlib.import_module("render.handler"))
    logs = io.StringIO()
    module.logger.registered_handler.setStream(logs)
    yield Render(aws, module, logs)
    for client in (clients.dynamodb, clients.s3, clients.sqs, clients.ses, clients.kms, clients.ssm):
        client.cache_clear()
