"""The platform in one process: the real handlers over moto behind the local gateway, and what drives them."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import RLock
from types import ModuleType
from typing import Any

from infra.local.gateway import Gateway, Request, Response
from infra.local.runtime import Outcome
from tests.deployed import Deployed, context


@dataclass
class Site:
    """All three functions. A message is rendered before the answer to the request that sent it."""

    deployed: Deployed
    validate: ModuleType
    answered: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """How often each route (method and path) answered with each status."""
    breaks: Exception | None = None
    """What drawing raises, while it is broken (`tests.fuzz.test_lifecycle`)."""
    _lock: Any = field(default_factory=RLock)

    def __post_init__(self) -> None:
        # The gateway's throttles have their own tests (tests/architecture/test_gate.py).
        api = replace(self.deployed.aws.stack.api, throttles=())
        self.gateway = Gateway(api, self.invoke, lambda line: None)

    def invoke(self, function: str, event: Mapping[str, Any]) -> Outcome:
        """Call a public function as Lambda does: one event at a time, an exception is an error."""
        module = {"RequestFunction": self.deployed.request, "ValidateFunction": self.validate}[function]
        with self._lock:
            try:
                answer = module.handler(json.loads(json.dumps(event)), context(function))
            except Exception as error:  # noqa: BLE001 - as Lambda
                return Outcome(json.dumps({"errorType": type(error).__name__}).encode(), "Unhandled")
            if event["httpMethod"] == "POST" and function == "RequestFunction":
                self.deployed.render_all()
            self.answered[event["httpMethod"], event["resource"], answer["statusCode"]] += 1
        return Outcome(json.dumps(answer).encode())

    def ask(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | str = b"",
        source_ip: str = "203.0.113.7",
    ) -> Response:
        """One HTTP request as it comes to the gateway."""
        sent = {"Host": "127.0.0.1", **(headers or {})}
        data = body.encode() if isinstance(body, str) else body
        return self.gateway.answer(Request(method, target, list(sent.items()), data, source_ip))

    def close(self) -> None:
        """Wait for nothing."""
        self.gateway.close()
