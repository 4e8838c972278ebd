"""The REST resolver of the public functions: routes, and every error made an answer.

Powertools' own validation stays off: it costs a citizen a quarter of a second at a cold start, and hides
which field is wrong.
"""

import traceback
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import msgspec
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from constancia.domain.errors import DomainError, ErrorCode
from constancia.web.headers import api_headers
from constancia.web.problems import MEDIA_TYPE, ProblemText, problem_of

if TYPE_CHECKING:
    from constancia.web.journal import Journal
    from constancia.web.pages import Pages

API_PREFIX: Final = "/api/"


def new_resolver(
    pages: "Pages", journal: "Journal", own_words: Mapping[ErrorCode, ProblemText] = MappingProxyType({})
) -> APIGatewayRestResolver:
    """Make a resolver whose every error is a problem under `/api/` and a page elsewhere.

    Refusals are logged and counted by their precise code; anything unexpected is logged by its type
    and place alone, because a message may carry what a person typed.
    """
    app = APIGatewayRestResolver(debug=False)

    def answer(error: DomainError, headers: dict[str, str] | None = None) -> Response[str]:
        problem = problem_of(error, own_words)
        extra = dict(headers or {})
        if problem.retry_after is not None:
            extra["Retry-After"] = str(problem.retry_after)
        if app.current_event.path.startswith(API_PREFIX):
            return Response(
                status_code=problem.text.status,
                content_type=MEDIA_TYPE,
                body=problem.to_json(),
                headers=api_headers() | extra,
            )
        response = pages.problem(app.current_event, problem)
        response.headers.update(extra)
        return response

    @app.exception_handler(DomainError)  # type: ignore[untyped-decorator]
    def refused(error: DomainError) -> Response[str]:
        journal.refused(error)
        return answer(error)

    @app.not_found
    def unknown_route(_: NotFoundError) -> Response[str]:
        methods = _methods_of(app, app.current_event.path)
        if methods:
            return answer(DomainError(ErrorCode.METHOD_NOT_ALLOWED), {"Allow": ", ".join(methods)})
        return answer(DomainError(ErrorCode.ROUTE_NOT_FOUND))

    @app.exception_handler(Exception)  # type: ignore[untyped-decorator]
    def unexpected(error: Exception) -> Response[str]:
        journal.logger.error("unexpected", error=type(error).__name__, where=_places_of(error))
        return answer(DomainError(ErrorCode.INTERNAL))

    return app


def json_answer(
    body: Any, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response[str]:
    """Answer an API call with JSON made of dicts, dataclasses and scalars."""
    return Response(
        status_code=status,
        content_type="application/json",
        body=msgspec.json.encode(body).decode(),
        headers=api_headers() | (headers or {}),
    )


def _methods_of(app: APIGatewayRestResolver, path: str) -> list[str]:
    routes = app._static_routes + app._dynamic_routes
    return sorted({route.method for route in routes if route.rule.match(path)})


def _places_of(error: Exception) -> list[str]:
    """The way to the error by file and line, without the source's text or the error's message."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
