"""The API of requests."""

import re
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from msgspec import Meta

from constancia.domain.certificate import MailState, RequestId, RequestState
from constancia.domain.errors import FieldError, FieldErrorCode, InvalidInputError
from constancia.domain.links import certificate_file_path, verification_url
from constancia.domain.virtual_code import grouped
from constancia.web.addresses import path_prefix, source_address
from constancia.web.bodies import read_json
from constancia.web.description import description
from constancia.web.headers import api_headers
from constancia.web.resolver import json_answer
from request.progress import Progress
from request.schemas import parse_application
from request.services import Services

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

_KEY: Final = re.compile(r"[\x21-\x7e]{16,128}")


@dataclass(frozen=True, slots=True)
class AcceptedAnswer:
    """The answer to a request that was accepted."""

    id: str
    state: RequestState
    links: Annotated[dict[str, str], Meta(description="`self`.")]


@dataclass(frozen=True, slots=True)
class ProgressAnswer:
    """The state of a request. Code and file come with the issue.

    HELD needs a review on our side: there is nothing to do, and the code comes by mail afterwards.
    """

    id: str
    state: RequestState
    mail: MailState
    created_at: datetime
    expires_at: Annotated[datetime, Meta(description="When the request is forgotten; the certificate stays.")]
    code: str | None
    grouped_code: Annotated[str | None, Meta(description="The code as people read it.")]
    links: Annotated[
        dict[str, str],
        Meta(description="`self`; when issued `verify`; while valid `pdf`, which holds for ten minutes."),
    ]


@dataclass(frozen=True, slots=True)
class TermsAnswer:
    """The terms that a request must accept."""

    version: str
    demo: Annotated[
        bool, Meta(description="This site is a demonstration: its certificates have no official value.")
    ]
    links: Annotated[dict[str, str], Meta(description="`page`: the text.")]


def add_api(app: APIGatewayRestResolver, services: Services) -> None:
    """Add the routes of the API."""

    @app.post("/api/v1/requests")
    def create_request() -> Response[str]:
        event = app.current_event
        key = _idempotency_key(event)
        application = parse_application(read_json(event))
        request_id = services.intake.accept(application, source_address(event), key)
        address = _request_path(event, request_id)
        body = AcceptedAnswer(request_id, RequestState.PENDING, {"self": address})
        return json_answer(body, HTTPStatus.ACCEPTED, {"Location": address})

    @app.get("/api/v1/requests/<id>")
    def read_request(id: str) -> Response[str]:  # noqa: A002 - named as in the template
        event = app.current_event
        return json_answer(_told(event, services.tracker.progress_of(id, source_address(event))))

    @app.get("/api/v1/terms")
    def read_terms() -> Response[str]:
        page = f"{path_prefix(app.current_event)}/terms"
        return json_answer(TermsAnswer(services.policy.terms_version, services.demo, {"page": page}))

    @app.get("/api/v1/openapi.json")
    def read_description() -> Response[str]:
        headers = api_headers() | {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
        return Response(HTTPStatus.OK, "application/json", description(), headers)


def file_path(event: "BaseProxyEvent", progress: Progress) -> str | None:
    """The way to the file, while the certificate is valid."""
    if progress.code is None or progress.grant is None:
        return None
    return certificate_file_path(path_prefix(event), progress.code, progress.grant)


def _told(event: "BaseProxyEvent", progress: Progress) -> ProgressAnswer:
    links = {"self": _request_path(event, progress.id)}
    if progress.code:
        links["verify"] = verification_url(path_prefix(event), progress.code)
    if file := file_path(event, progress):
        links["pdf"] = file
    return ProgressAnswer(
        id=progress.id,
        state=progress.state,
        mail=progress.mail,
        created_at=progress.created_at,
        expires_at=progress.expires_at,
        code=progress.code,
        grouped_code=grouped(progress.code) if progress.code else None,
        links=links,
    )


def _request_path(event: "BaseProxyEvent", request_id: RequestId) -> str:
    return f"{path_prefix(event)}/api/v1/requests/{request_id}"


def _idempotency_key(event: "BaseProxyEvent") -> str | None:
    key = event.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise InvalidInputError(FieldError("/headers/idempotency-key", FieldErrorCode.INVALID_FORMAT))
    return key
