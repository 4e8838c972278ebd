"""The few things that the adapters do with a DynamoDB table, so that they speak of items and conditions."""

import random
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.parsers import create_parser

if TYPE_CHECKING:
    from botocore.parsers import ResponseParser
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

type Item = dict[str, "AttributeValueTypeDef"]
type Value = str | int | bytes | None
type Write = "TransactWriteItemTypeDef"

NEW = "attribute_not_exists(pk)"
_ATTEMPTS = 6
_LOST_RACE = frozenset({"None", "ConditionalCheckFailed", "TransactionConflict"})


def marshal(values: Mapping[str, Value]) -> Item:
    """Write plain values as DynamoDB's attributes; `None` is left out."""
    return {name: _attribute(value) for name, value in values.items() if value is not None}


def unmarshal(item: Mapping[str, Any]) -> dict[str, Any]:
    """Read what `marshal` wrote."""
    return {
        name: int(value) if kind == "N" else value
        for name, attribute in item.items()
        for kind, value in attribute.items()
    }


def epoch(moment: datetime) -> int:
    """Seconds since 1970, as DynamoDB's time to live wants them."""
    return int(moment.timestamp())


def _attribute(value: str | int | bytes) -> "AttributeValueTypeDef":
    if isinstance(value, bytes):
        return {"B": value}
    return {"N": str(value)} if isinstance(value, int) else {"S": str(value)}


class Table:
    """One table with the single key `pk`. Reads are strongly consistent; writes have conditions."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name

    def get(self, pk: str, attributes: str | None = None) -> dict[str, Any] | None:
        """Read an item, or some of its attributes. It may have expired: time to live removes late."""
        projection: Any = {"ProjectionExpression": attributes} if attributes else {}
        answer = self._client.get_item(
            TableName=self._name, Key=marshal({"pk": pk}), ConsistentRead=True, **projection
        )
        return unmarshal(answer["Item"]) if "Item" in answer else None

    def get_as_if_there(self, pk: str, stand_in: bytes) -> dict[str, Any]:
        """Read an item, and where there is none the stand-in: after the same work, so that both take as long.

        `stand_in` is an answer of DynamoDB to GetItem, as it comes over the wire. Each time one answer with
        an item and one without are parsed, of which one came from DynamoDB.
        """
        answer: Any = self._client.get_item(
            TableName=self._name, Key=marshal({"pk": pk}), ConsistentRead=True
        )
        there = "Item" in answer
        other = self._parser.parse(
            {"status_code": 200, "headers": {}, "body": b"{}" if there else stand_in}, self._get_item_answer
        )
        return unmarshal((answer if there else other)["Item"])

    @cached_property
    def _get_item_answer(self) -> Any:
        return self._client.meta.service_model.operation_model("GetItem").output_shape

    @cached_property
    def _parser(self) -> "ResponseParser":
        """What botocore itself parses this service's answers with."""
        return create_parser(self._client.meta.service_model.resolved_protocol)

    def update(
        self, pk: str, expression: str, values: Mapping[str, Value], condition: str | None = None
    ) -> dict[str, Any] | None:
        """Change one item, and answer what it changed to; `None` when the condition does not hold."""
        conditional: Any = {"ConditionExpression": condition} if condition else {}
        try:
            answer = self._client.update_item(
                TableName=self._name,
                Key=marshal({"pk": pk}),
                UpdateExpression=expression,
                ExpressionAttributeValues=marshal(values),
                ReturnValues="UPDATED_NEW",
                **conditional,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return unmarshal(answer.get("Attributes", {}))

    def add(self, item: Item) -> None:
        """Put an item whose key nobody else can have drawn.

        So if it is there already, botocore repeated a call whose answer was lost, and it is this one.
        """
        try:
            self._client.put_item(TableName=self._name, Item=item, ConditionExpression=NEW)
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def claim(
        self, pk: str, expression: str, values: Mapping[str, Value], condition: str
    ) -> dict[str, Any] | None:
        """Change one item on a condition; `None` when it was changed, else the item that forbade it."""
        try:
            self._client.update_item(
                TableName=self._name,
                Key=marshal({"pk": pk}),
                UpdateExpression=expression,
                ExpressionAttributeValues=marshal(values),
                ConditionExpression=condition,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            found: Any = error.response.get("Item", {})
            return unmarshal(found)
        return None

    def transact(self, writes: Iterable[Write]) -> bool:
        """Write all or nothing; false when a condition does not hold or another transaction is in the way.

        botocore sends a ClientRequestToken of its own and keeps it when it repeats a call whose answer was
        lost, so such a repetition is not taken for a lost race.
        """
        try:
            self._client.transact_write_items(TransactItems=list(writes))
        except self._client.exceptions.TransactionCanceledException as error:
            reasons = {reason.get("Code", "None") for reason in error.response["CancellationReasons"]}
            if reasons <= _LOST_RACE:
                return False
            raise
        return True

    def put(
        self, item: Item, condition: str | None = None, values: Mapping[str, Value] | None = None
    ) -> Write:
        """The part of a transaction that puts an item."""
        put: Any = {"TableName": self._name, "Item": item}
        return {"Put": put | _condition(condition, values)}

    def change(self, pk: str, expression: str, condition: str, values: Mapping[str, Value]) -> Write:
        """The part of a transaction that changes an item."""
        change: Any = {
            "TableName": self._name,
            "Key": marshal({"pk": pk}),
            "UpdateExpression": expression,
        }
        return {"Update": change | _condition(condition, values)}

    def demand(self, pk: str, condition: str, values: Mapping[str, Value]) -> Write:
        """The part of a transaction that changes nothing, and lets it happen only on a condition."""
        check: Any = {"TableName": self._name, "Key": marshal({"pk": pk})}
        return {"ConditionCheck": check | _condition(condition, values)}

    def query(
        self, index: str | None, condition: str, values: Mapping[str, Value], page_size: int
    ) -> Iterable[dict[str, Any]]:
        """Read an index, or the table itself, in its order, page by page as items are taken."""
        indexed: Any = {"IndexName": index} if index else {}
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            **indexed,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=marshal(values),
            PaginationConfig={"PageSize": page_size},
        )
        return (unmarshal(item) for page in pages for item in page["Items"])


def _condition(condition: str | None, values: Mapping[str, Value] | None) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if condition:
        given["ConditionExpression"] = condition
    if values:
        given["ExpressionAttributeValues"] = marshal(values)
    return given


def attempts() -> Iterator[int]:
    """Count the attempts at a write that others may win: a few, each after a longer pause than the last."""
    for attempt in range(_ATTEMPTS):
        if attempt:
            # Never the same pause, so that callers who met do not meet again.
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - hides nothing
        yield attempt
