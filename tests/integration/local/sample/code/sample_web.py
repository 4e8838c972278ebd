"""Functions behind the sample's API: one that tells what it was given, one that misbehaves as asked."""

import base64
import json
import os
import time
from typing import Any


def echo(event: dict[str, Any], context: Any) -> dict[str, Any]:
    if event["path"] == "/items/picture":
        return {
            "statusCode": 200,
            "headers": {"Content-Type": "image/png"},
            "body": base64.b64encode(b"\x89PNG\x00").decode(),
            "isBase64Encoded": True,
        }
    told = {
        "event": event,
        "base_url": os.environ["BASE_URL"],
        "function": context.function_name,
        "remaining_ms": context.get_remaining_time_in_millis(),
        "pid": os.getpid(),
    }
    return {
        "statusCode": 200,
        "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"], "Content-Type": ["application/json"]},
        "body": json.dumps(told),
    }


def odd(event: dict[str, Any], context: Any) -> Any:  # noqa: PLR0911 - one line for each misbehaviour
    how = event["pathParameters"]["how"]
    print(f"being odd: {how}")
    match how:
        case "pid":
            return {"statusCode": 200, "body": str(os.getpid())}
        case "slow":
            time.sleep(30)
        case "pause":
            time.sleep(0.5)
            return {"statusCode": 200, "body": str(os.getpid())}
        case "crash":
            os._exit(7)
        case "error":
            raise ValueError("the function's own error")
        case "text":
            return "no proxy answer"
        case "number":
            return {"statusCode": "many", "body": ""}
        case "object":
            return {"statusCode": 200, "body": {"not": "text"}}
        case "unknown-field":
            return {"statusCode": 200, "body": "", "status": 200}
        case "injection":
            return {"statusCode": 200, "headers": {"X-Evil": "a\r\nX-More: b"}, "body": ""}
        case "huge":
            return {"statusCode": 200, "body": "x" * 7_000_000}
    return None
