"""Writes the API's description, OpenAPI 3.1, from the code: `make openapi`.

Routes come from the resolvers of both public functions, schemas from their models, refusals from the table of
problems. What no code says (summaries, parameters) stands here, operation by operation; a route without an
operation, or an operation without a route, is an error.
"""

import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast

import msgspec
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from pydantic.json_schema import models_json_schema

import request.api
import request.pages
import validate.api
import validate.pages
from constancia.domain.errors import OF_ELIGIBILITY, OF_REGISTRIES, ErrorCode, FieldErrorCode
from constancia.web.journal import Journal
from constancia.web.pages import Pages
from constancia.web.problems import MEDIA_TYPE, PROBLEMS
from constancia.web.resolver import API_PREFIX, new_resolver
from request.api import AcceptedAnswer, ProgressAnswer, TermsAnswer
from request.schemas import ApplicationSchema
from validate.schemas import FileAnswer, FileRequest, ValidationAnswer, ValidationRequest

TARGET: Final = Path(__file__).parents[1] / "layers/common/constancia/web/openapi.json"
_REF: Final = "#/components/schemas/"

type Route = tuple[str, str]
"""Method and path, `("GET", "/request/{id}")`."""


def routes_of(add: Callable[[APIGatewayRestResolver, Any, Pages], None]) -> set[Route]:
    """The routes that a function adds. Nothing is called, so no service is needed."""
    pages = Pages(Path(), demo=False)
    app = new_resolver(pages, Journal(Logger(service="openapi")))
    add(app, cast(Any, None), pages)
    routes = app._static_routes + app._dynamic_routes
    return {(route.method, route.path.replace("<", "{").replace(">", "}")) for route in routes}


def request_routes() -> set[Route]:
    """All routes of the request function."""

    def add(app: APIGatewayRestResolver, services: Any, pages: Pages) -> None:
        request.api.add_api(app, services)
        request.pages.add_pages(app, services, pages)

    return routes_of(add)


def validate_routes() -> set[Route]:
    """All routes of the validate function."""

    def add(app: APIGatewayRestResolver, services: Any, pages: Pages) -> None:
        validate.api.add_api(app, services, pages)
        validate.pages.add_pages(app, services, pages)

    return routes_of(add)


@dataclass(frozen=True, slots=True)
class Operation:
    """What the description says of one route."""

    id: str
    summary: str
    description: str
    answer: Mapping[str, Any]
    """The OpenAPI response objects of success, by status."""
    refusals: tuple[ErrorCode, ...] = ()
    body: str | None = None
    """Name of the schema of the JSON body."""
    parameters: tuple[Mapping[str, Any], ...] = field(default=())


def _parameter(place: str, name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "in": place,
        "name": name,
        "required": place == "path",
        "description": description,
        "schema": {"type": "string", **schema},
    }


def _json(
    description: str,
    schema: str,
    headers: Mapping[str, Any] | None = None,
    links: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": _REF + schema}}},
    }
    return response | ({"headers": headers} if headers else {}) | ({"links": links} if links else {})


def _link(operation: str, description: str, **given: Any) -> dict[str, Any]:
    return {"operationId": operation, "description": description, **given}


_FOLLOW: Final = {
    "follow": _link("readRequest", "What became of it.", parameters={"id": "$response.body#/id"})
}
_VERIFY: Final = {
    "verify": _link("validate", "What the code tells.", requestBody={"code": "$response.body#/code"})
}
_DOWNLOAD: Final = {
    "download": _link(
        "downloadCertificate",
        "The file, with the grant (`g`) in the address that the answer gives.",
        parameters={"code": "$response.body#/code"},
    )
}


_LOCATION: Final = {"Location": {"description": "Where it is.", "schema": {"type": "string"}}}
_CODE: Final = _parameter("path", "code", "Virtual code.", examples=["99S0QR6YD40R"])
_BODY: Final = (
    ErrorCode.MALFORMED_BODY,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
    ErrorCode.BODY_TOO_LARGE,
    ErrorCode.INVALID_INPUT,
)
_RULES: Final = (
    ErrorCode.IDEMPOTENCY_KEY_REUSED,
    ErrorCode.IDENTITY_MISMATCH,
    *sorted(OF_ELIGIBILITY),
    *sorted(OF_REGISTRIES),
    ErrorCode.TOO_MANY_ATTEMPTS,
    ErrorCode.DAILY_LIMIT_REACHED,
)

OPERATIONS: Final[dict[Route, Operation]] = {
    ("POST", "/api/v1/requests"): Operation(
        id="createRequest",
        summary="Ask for a certificate",
        description=(
            "Checks identity and eligibility with the official registries and accepts the request; the "
            "certificate is drawn afterwards. The same applicant, student, modality and level within some "
            "minutes get the same request back."
        ),
        body="ApplicationSchema",
        parameters=(
            _parameter(
                "header",
                "Idempotency-Key",
                "16 to 128 visible ASCII characters, a UUID for example. Sent again with the same body "
                "within a day, it gets the same answer; with another body, it is refused.",
                minLength=16,
                maxLength=128,
                pattern="^[!-~]{16,128}$",
            ),
        ),
        answer={"202": _json("Accepted; follow `Location`.", "AcceptedAnswer", _LOCATION, _FOLLOW)},
        refusals=(*_BODY, *_RULES, ErrorCode.INTERNAL),
    ),
    ("GET", "/api/v1/requests/{id}"): Operation(
        id="readRequest",
        summary="Follow a request",
        description="State of the request and of its mail; when issued, the code and a link to the file.",
        parameters=(_parameter("path", "id", "As `createRequest` answered.", pattern="^[0-9a-f]{32}$"),),
        answer={"200": _json("The state.", "ProgressAnswer", links=_VERIFY | _DOWNLOAD)},
        refusals=(ErrorCode.REQUEST_NOT_FOUND, ErrorCode.INTERNAL),
    ),
    ("GET", "/api/v1/terms"): Operation(
        id="readTerms",
        summary="The terms in force",
        description="The version that a request must accept, and the page that shows its text.",
        answer={"200": _json("The terms in force.", "TermsAnswer")},
    ),
    ("GET", "/api/v1/openapi.json"): Operation(
        id="readDescription",
        summary="This description",
        description="OpenAPI 3.1.",
        answer={"200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {}}}}},
    ),
    ("POST", "/api/v1/validations"): Operation(
        id="validate",
        summary="Verify a certificate",
        description=(
            "With the code alone: whether it is authentic, replaced or annulled. With the holder's document "
            "or the QR's token: the whole content and a link to the file. What is not known and what a proof "
            "does not open answer alike. After some wrong documents at one code, or many from one source "
            "address, questions with a document are refused for a while; those with a token are not."
        ),
        body="ValidationRequest",
        answer={"200": _json("The verdict.", "ValidationAnswer", links=_DOWNLOAD)},
        refusals=(*_BODY, ErrorCode.TOO_MANY_ATTEMPTS, ErrorCode.INTERNAL),
    ),
    ("POST", "/api/v1/files"): Operation(
        id="validateFile",
        summary="Tell whether a file is one that was issued",
        description=(
            "By the file's SHA-256 alone, which whoever has it computes: the file itself is not sent. Of a "
            "file that was issued, the answer tells what its code alone tells."
        ),
        body="FileRequest",
        answer={"200": _json("The verdict.", "FileAnswer")},
        refusals=(*_BODY, ErrorCode.INTERNAL),
    ),
    ("GET", "/api/v1/seal.pem"): Operation(
        id="readSealChain",
        summary="The certificates of the seal",
        description=(
            "The chain of the key that seals the files, leaf first, root last: with it anyone checks a file "
            "without this site. It changes when it is renewed; every file carries the chain that sealed it."
        ),
        answer={
            "200": {
                "description": "The chain (RFC 8555, 9.1).",
                "content": {"application/pem-certificate-chain": {"schema": {"type": "string"}}},
            }
        },
        refusals=(ErrorCode.SEAL_CHAIN_NOT_INSTALLED, ErrorCode.INTERNAL),
    ),
    ("GET", "/api/v1/certificates/{code}/pdf"): Operation(
        id="downloadCertificate",
        summary="Download the file",
        description="For those who hold a grant of `readRequest` or `validate`, or the QR's token.",
        parameters=(
            _CODE,
            _parameter("query", "g", "The grant."),
            _parameter("query", "t", "The QR's token."),
        ),
        answer={
            "303": {
                "description": "To the file, by a link that holds for a short time.",
                "headers": _LOCATION,
            }
        },
        refusals=(
            ErrorCode.NOT_ENTITLED,
            ErrorCode.CERTIFICATE_NOT_FOUND,
            ErrorCode.NO_LONGER_VALID,
            ErrorCode.INTERNAL,
        ),
    ),
}


def describe() -> dict[str, Any]:
    """Build the document.

    Raises:
        ValueError: routes and operations do not agree, or two schemas of one name do not.
    """
    routes = {route for route in request_routes() | validate_routes() if route[1].startswith(API_PREFIX)}
    if routes != set(OPERATIONS):
        raise ValueError(f"routes and operations differ: {sorted(routes ^ set(OPERATIONS))}")
    paths: dict[str, Any] = {}
    for method, path in sorted(routes, key=lambda route: (route[1], route[0])):
        paths.setdefault(path, {})[method.lower()] = _operation(OPERATIONS[method, path])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Constancia de Logros de Aprendizaje",
            "version": "1",
            "description": (
                "Request, follow and verify the school record of Peru. Every refusal is a problem "
                "(RFC 9457) with a stable `code` and a Spanish `detail`."
            ),
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def text() -> str:
    """The document as it is kept: readable, in a stable order."""
    return json.dumps(describe(), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the document."""
    TARGET.write_text(text(), "utf-8")


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.description,
        "responses": {**operation.answer, **_refusals(operation.refusals)},
    }
    if operation.parameters:
        described["parameters"] = list(operation.parameters)
    if operation.body:
        content = {"application/json": {"schema": {"$ref": _REF + operation.body}}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _refusals(codes: Iterable[ErrorCode]) -> dict[str, Any]:
    by_status: dict[HTTPStatus, list[str]] = {}
    for code in codes:
        by_status.setdefault(PROBLEMS[code].status, []).append(code.value)
    return {
        str(status.value): {
            "description": "`code`: " + ", ".join(f"`{code}`" for code in names) + ".",
            "content": {MEDIA_TYPE: {"schema": {"$ref": _REF + "Problem"}}},
        }
        for status, names in sorted(by_status.items())
    }


def _schemas() -> dict[str, Any]:
    """The schemas of every body: pydantic's of what request reads, msgspec's of all others."""
    template = _REF + "{model}"
    _, read = models_json_schema([(ApplicationSchema, "validation")], ref_template=template)
    types = (
        *(AcceptedAnswer, ProgressAnswer, TermsAnswer),
        *(ValidationRequest, ValidationAnswer, FileRequest, FileAnswer),
    )
    _, told = msgspec.json.schema_components(types, ref_template=_REF + "{name}")
    schemas: dict[str, Any] = {**told, "Problem": _problem()}
    for body in (ValidationRequest, FileRequest):
        _close(told, body.__name__)
    for name, schema in read["$defs"].items():
        if name in schemas and set(schemas[name].get("enum", ())) != set(schema.get("enum", ())):
            raise ValueError(f"two schemas are called {name}")
        schemas.setdefault(name, schema)
    return {name: _dedented(schemas[name]) for name in sorted(schemas)}


def _dedented(part: Any) -> Any:
    """Descriptions made of docstrings, without the indentation that Python keeps there until 3.13."""
    if isinstance(part, dict):
        return {key: _dedented(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_dedented(value) for value in part]
    return inspect.cleandoc(part) if isinstance(part, str) else part


def _close(schemas: dict[str, Any], name: str) -> None:
    """Say of a body, and of what it holds, that it has no other fields: msgspec's schemas leave that open."""
    if schemas[name].get("type") == "object" and "additionalProperties" not in schemas[name]:
        schemas[name]["additionalProperties"] = False
        for reference in re.findall(rf"{_REF}(\w+)", json.dumps(schemas[name])):
            _close(schemas, reference)


def _problem() -> dict[str, Any]:
    string = {"type": "string"}
    return {
        "title": "Problem",
        "description": "RFC 9457, with a stable code, the next step, and the wrong fields.",
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "next_step"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": string,
            "status": {"type": "integer"},
            "code": {"type": "string", "enum": sorted(code.value for code in PROBLEMS)},
            "detail": string,
            "next_step": {"type": "string", "description": "What the person can do."},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["pointer", "code", "detail"],
                    "properties": {
                        "pointer": {
                            "type": "string",
                            "description": "RFC 6901, into the body; `/headers/...` for a header.",
                        },
                        "code": {"type": "string", "enum": sorted(code.value for code in FieldErrorCode)},
                        "detail": string,
                    },
                },
            },
        },
    }


if __name__ == "__main__":
    main()
