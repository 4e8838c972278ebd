"""API Gateway's REST proxy events, as the public functions get them."""

from typing import Any
from urllib.parse import urlencode

import msgspec


def event(
    method: str,
    path: str,
    *,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    stage_prefix: str = "",
    source_ip: str = "203.0.113.7",
) -> dict[str, Any]:
    """An event without a route's own parameters; `stage_prefix` is `/prod` under execute-api's own host."""
    sent = {"Host": "constancia.example", **(headers or {})}
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": query and {name: [value] for name, value in query.items()},
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "path": stage_prefix + path,
            "stage": "prod",
            "httpMethod": method,
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "identity": {"sourceIp": source_ip},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def json_event(method: str, path: str, body: object, headers: dict[str, str] | None = None) -> dict[str, Any]:
    text = body if isinstance(body, str) else msgspec.json.encode(body).decode()
    return event(method, path, body=text, headers={"Content-Type": "application/json", **(headers or {})})


def form_event(path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> dict[str, Any]:
    sent = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
        **(headers or {}),
    }
    return event("POST", path, body=urlencode(fields), headers=sent)
