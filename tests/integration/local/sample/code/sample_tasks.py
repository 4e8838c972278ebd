"""Takes messages `{"id": ..., "fail": n}`: counts its tries in the table and fails the first n of them."""

import json
import os
from typing import Any

import boto3

dynamodb = boto3.client("dynamodb")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    if event.get("source") == "aws.events":
        count("sweep")
        return {}
    failures = []
    for record in event["Records"]:
        message = json.loads(record["body"])
        tries = count(message["id"])
        if message.get("crash"):
            os._exit(1)
        if tries <= message.get("fail", 0):
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def count(key: str) -> int:
    answer = dynamodb.update_item(
        TableName=os.environ["TABLE_NAME"],
        Key={"pk": {"S": key}},
        UpdateExpression="ADD tries :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["tries"]["N"])
