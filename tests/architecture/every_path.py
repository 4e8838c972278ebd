"""Every path of the three handlers, one after another, over AWS as template.yaml makes it, calls noted."""

import importlib
import io
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from constancia.adapters import aws as clients
from constancia.adapters import secrets
from constancia.adapters.items import instant
from constancia.adapters.registries import Patience, SharedBreaker
from infra.registries.cast import Registry
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from tests.architecture.calls import Calls
from tests.builders import TERMS
from tests.conftest import Aws
from tests.deployed import Deployed, Reply, give_api_keys
from tests.integration.render.function import Context, Render
from tests.unit.web.events import event, form_event, json_event

_CLIENTS = ("dynamodb", "s3", "sqs", "ses", "kms", "secrets_manager", "ssm", "_session")
RECOVERY_SECONDS = 1
"""That the breaker waits before a probe."""
_KEY = {"Idempotency-Key": "5b3a1f0e-2f3f-4a7e-9a57-0d5f1f2f3f4f"}
_FORM = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


class EveryPath:
    """The functions as they are deployed, and whoever calls them."""

    def __init__(self, aws: Aws, calls: Calls, modules: dict[str, ModuleType]) -> None:
        self.aws, self.calls = aws, calls
        self.deployed = Deployed(aws, modules["request"], modules["render"])
        self.render = Render(aws, modules["render"], io.StringIO())
        self.validate = modules["validate"]
        self.table = aws.client("dynamodb")

    def go(self) -> None:
        """Walk them all."""
        self.a_certificate_is_asked_for_drawn_and_verified()
        self.a_later_one_supersedes_it_and_one_that_comes_late_does_not()
        self.people_who_are_refused()
        self.a_request_by_the_form()
        self.what_did_not_reach_render()
        self.what_can_not_be_made()
        self.what_was_sent_in_vain_for_a_day()

    def a_certificate_is_asked_for_drawn_and_verified(self) -> None:
        asked = self.asks("adult", headers=_KEY)
        assert self.asks("adult", headers=_KEY).body == asked.body
        assert self.asks("adult").json["id"] == asked.json["id"]
        assert self.draws(self.messages()) == []
        shown = self.ask(event("GET", f"/api/v1/requests/{asked.json['id']}")).json
        assert shown["state"] == "ISSUED", shown
        code, number = shown["code"], self.body("adult")["student"]["document"]["number"]

        opened = self.verifies(json_event("POST", "/api/v1/validations", {"code": code, "document": number}))
        download = json.loads(opened["body"])["download"]
        path, _, grant = download["url"].partition("?g=")
        sha256 = download["sha256"]
        for question, status in (
            (json_event("POST", "/api/v1/validations", {"code": code, "token": "A" * 22}), 200),
            (json_event("POST", "/api/v1/validations", {"code": code, "document": "00000009"}), 200),
            (json_event("POST", "/api/v1/files", {"sha256": sha256}), 200),
            (form_event("/validate", {"code": code, "document": number}), 200),
            (form_event("/validate/file", {"sha256": sha256}), 200),
            (event("GET", f"/validate/{code}"), 200),
            (event("GET", path, query={"g": grant}), 303),
            (event("GET", "/api/v1/seal.pem"), 200),
        ):
            assert self.verifies(question)["statusCode"] == status, question["path"]

    def a_later_one_supersedes_it_and_one_that_comes_late_does_not(self) -> None:
        messages = []
        for _ in range(2):
            self.forgets("SAME#")
            assert self.asks("adult").status == 202
            messages += self.messages()
        earlier, later = messages
        assert self.draws([later]) == self.draws([earlier]) == []
        assert self.draws([earlier]) == []  # delivered twice

    def people_who_are_refused(self) -> None:
        assert self.asks("wrong-parent-name").json["code"] == "identity_mismatch"
        assert self.asks("foreign-adult").status == 202
        for _ in range(6):
            assert self.asks("registry-down").status in {502, 503}
        time.sleep(RECOVERY_SECONDS + 0.1)
        assert self.asks("sixteen").status == 202  # the probe that closes the breaker again

    def a_request_by_the_form(self) -> None:
        for page in ("/", "/request", "/terms", "/nowhere"):
            self.ask(event("GET", page))
        begun = self.ask(form_event("/request", {}, _FORM))
        assert begun.status == 303, begun
        first = begun.headers["Location"]
        cookie = begun.headers["Set-Cookie"].partition(";")[0]
        assert self.ask(event("GET", first, headers={"Cookie": cookie})).status == 200

    def what_did_not_reach_render(self) -> None:
        self.messages()
        self.forgets("SAME#")
        asked = self.asks("minor-mother").json
        self.messages()  # and they are lost
        self.was_asked(asked["id"], timedelta(minutes=11))
        assert self.ask(event("GET", f"/request/{asked['id']}")).status == 200
        assert len(self.messages()) == 1
        with self.calls.of("RenderFunction"):
            self.render.sweep()
        assert self.draws(self.messages()) == []

    def what_was_sent_in_vain_for_a_day(self) -> None:
        self.messages()
        self.forgets("SAME#")
        asked = self.asks("minor-mother").json
        self.messages()
        self.was_asked(asked["id"], timedelta(days=2))
        with self.calls.of("RenderFunction"):
            self.render.sweep()
        assert self.ask(event("GET", f"/api/v1/requests/{asked['id']}")).json["state"] == "HELD"

    def what_can_not_be_made(self) -> None:
        asked = self.asks("unprintable-area").json
        assert self.draws(self.messages()) == []
        assert len(self.render.dead_letters()) == 1
        assert self.ask(event("GET", f"/api/v1/requests/{asked['id']}")).json["state"] == "HELD"

    # ------------------------------------------------------------------ who calls

    def was_asked(self, request_id: str, ago: timedelta) -> None:
        """Let a request be older than it is."""
        self.table.update_item(
            TableName=self.aws.ref("Table"),
            Key={"pk": {"S": f"REQ#{request_id}"}},
            UpdateExpression="SET created_at = :then",
            ExpressionAttributeValues={":then": {"S": instant(datetime.now(UTC) - ago)}},
        )

    def body(self, name: str) -> dict[str, Any]:
        return scenario(name, today_in_lima()).application(TERMS)

    def asks(self, name: str, headers: dict[str, str] | None = None) -> Reply:
        return self.ask(json_event("POST", "/api/v1/requests", self.body(name), headers))

    def ask(self, sent: dict[str, Any]) -> Reply:
        with self.calls.of("RequestFunction"):
            return self.deployed.send(sent)

    def verifies(self, sent: dict[str, Any]) -> dict[str, Any]:
        secrets._provider.cache_clear()  # on AWS no process is another function's too
        with self.calls.of("ValidateFunction"):
            answer: dict[str, Any] = self.validate.handler(sent, Context())
        return answer

    def messages(self) -> list[dict[str, Any]]:
        return self.render.messages()

    def draws(self, messages: list[dict[str, Any]]) -> list[str]:
        with self.calls.of("RenderFunction"):
            return self.render.handle(messages)

    def forgets(self, kind: str) -> None:
        """Time to live removed the items of a kind."""
        for key in self.render.items(kind):
            self.table.delete_item(TableName=self.aws.ref("Table"), Key={"pk": {"S": key}})


@contextmanager
def every_path(
    aws: Aws, registries: str, patch: pytest.MonkeyPatch, failures: int = 1
) -> Iterator[EveryPath]:
    """The handlers as new execution environments load them, with clients that are listened to.

    A registry is left alone after so many failures.
    """
    _forget_clients()
    # The pause is spread by a quarter, and stays as long.
    pause = RECOVERY_SECONDS / 1.25
    patience = Patience(failures=failures, pause=pause, longest=pause, view=0)
    defaults = {"patience": patience, "clock": time.time}
    patch.setattr(SharedBreaker.__init__, "__kwdefaults__", defaults)
    calls = Calls()
    calls.listen(clients._session())
    give_api_keys(aws)
    addresses = {f"{registry.name}_URL": f"{registries}/{registry}" for registry in Registry}
    modules = {}
    for name in ("render", "request", "validate"):
        for key, value in (aws.environment(f"{name.capitalize()}Function") | addresses).items():
            patch.setenv(key, value)
        sys.modules.pop(f"{name}.handler", None)
        with calls.of(f"{name.capitalize()}Function"):
            modules[name] = importlib.import_module(f"{name}.handler")
    try:
        yield EveryPath(aws, calls, modules)
    finally:
        _forget_clients()


def _forget_clients() -> None:
    for name in _CLIENTS:
        getattr(clients, name).cache_clear()
