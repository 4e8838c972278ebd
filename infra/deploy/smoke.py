"""The smoke test of a deployed stage: every function answers, from the code that was just deployed.

It asks for no certificate, so it may run in production after each deploy. All that it leaves is one entry in
the audit trail, of a code that is no certificate's.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import urllib3

from constancia.domain.virtual_code import new_virtual_code
from infra.local.clients import ClientFactory

PATIENCE_SECONDS: Final = 30.0
"""How long a stage may take until its new code answers: AWS spreads a deploy over seconds."""
_POLL_SECONDS: Final = 1.0


class SmokeError(Exception):
    """The stage does not work; says what was asked and what came back."""


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    type: str
    body: bytes


type Ask = Callable[[str, str, Mapping[str, Any] | None], Answer]
"""Asks the site: method, path, and what is sent as JSON."""


def smoke(
    ask: Ask, invoke_render: Callable[[], Mapping[str, Any]], patience: float = PATIENCE_SECONDS
) -> None:
    """Ask every function until all is right.

    Raises:
        SmokeError: something was wrong for longer than `patience`, in seconds.
    """
    end = time.monotonic() + patience
    while True:
        try:
            _look(ask, invoke_render)
        except SmokeError:
            if time.monotonic() >= end:
                raise
            time.sleep(_POLL_SECONDS)
        else:
            return


def _look(ask: Ask, invoke_render: Callable[[], Mapping[str, Any]]) -> None:
    _expect(ask, "GET", "/", status=200, type_="text/html")
    _expect(ask, "GET", "/validate", status=200, type_="text/html")
    terms = json.loads(_expect(ask, "GET", "/api/v1/terms", status=200, type_="application/json").body)
    if not terms.get("version"):
        raise SmokeError("GET /api/v1/terms names no version")
    refused = _expect(ask, "POST", "/api/v1/requests", {}, status=422, type_="application/problem+json")
    if json.loads(refused.body).get("code") != "invalid_input":
        raise SmokeError("POST /api/v1/requests of nothing is not told what is missing")
    code = {"code": str(new_virtual_code())}
    verdict = json.loads(
        _expect(ask, "POST", "/api/v1/validations", code, status=200, type_="application/json").body
    )
    if verdict.get("verdict") != "unknown":
        raise SmokeError(f"the verdict on a code of nobody is {verdict.get('verdict')}")
    if invoke_render():
        raise SmokeError("render answers its schedule with more than nothing")


def _expect(
    ask: Ask, method: str, path: str, sent: Mapping[str, Any] | None = None, *, status: int, type_: str
) -> Answer:
    try:
        answer = ask(method, path, sent)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise SmokeError(f"{method} {path}: {error}") from None
    if answer.status != status or not answer.type.startswith(type_):
        raise SmokeError(f"{method} {path} answered {answer.status} {answer.type}, not {status} {type_}")
    return answer


def site(url: str) -> Ask:
    """Asks a site over HTTP."""
    http = urllib3.PoolManager(timeout=35, retries=False)

    def ask(method: str, path: str, sent: Mapping[str, Any] | None) -> Answer:
        answer = http.request(method, url.rstrip("/") + path, **({"json": sent} if sent is not None else {}))
        return Answer(answer.status, answer.headers.get("Content-Type", ""), answer.data)

    return ask


def render_of(stack: str, client: ClientFactory) -> Callable[[], Mapping[str, Any]]:
    """Calls a stack's render as its schedule does: a sweep more or less changes nothing."""

    def invoke() -> Mapping[str, Any]:
        name = client("cloudformation").describe_stack_resource(
            StackName=stack, LogicalResourceId="RenderFunction"
        )["StackResourceDetail"]["PhysicalResourceId"]
        answer = client("lambda").invoke(
            FunctionName=name, Qualifier="live", Payload=json.dumps({"id": str(uuid4())})
        )
        payload: dict[str, Any] = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise SmokeError(f"render fails: {payload.get('errorType')}: {payload.get('errorMessage')}"[:500])
        return payload

    return invoke
