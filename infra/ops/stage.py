"""A stage as operators find it: by what its stack says of itself."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from constancia.adapters.audit import DynamoAuditReader, DynamoAuditTrail
from constancia.adapters.operations import OperationsStore
from constancia.adapters.queue import SqsRenderQueue
from constancia.domain.ports import Clock
from infra.local.stack import Stack
from infra.ops.letters import DeadLetterBox

type Clients = Callable[[str], Any]
"""Gives the boto3 client of a service."""

LOCAL: Final = "stage.json"
"""The file in which `constancia run` leaves what its stack says, in the folder of its logs."""


class StageError(Exception):
    """There is no such stage, or it is not what was meant; says what to change."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What of a stack has to do with its certificates."""

    name: str
    client: Clients
    table_name: str
    audit_table: str
    bucket_name: str
    queue_url: str
    dead_letters_url: str
    seal_chain: str
    audit_years: int
    audit_unknown_days: int
    request_days: int

    @classmethod
    def find(cls, name: str, stack_name: str, client: Clients) -> Self:
        """The stage of a deployed stack.

        Raises:
            StageError: there is no such stack, or it is another stage's.
        """
        from botocore.exceptions import ClientError  # noqa: PLC0415 - moto's platform has no stacks

        try:
            (stack,) = client("cloudformation").describe_stacks(StackName=stack_name)["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            raise StageError(
                f"there is no stack {stack_name} in this account and region: see --stage, --stack, --profile "
                "and --region"
            ) from None
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}
        given = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", ())}
        return cls._said(name, stack_name, outputs, given, client)

    @classmethod
    def of(cls, stack: Stack, client: Clients) -> Self:
        """The stage of a stack that stands in moto."""
        parameters = {name: str(value) for name, value in stack.template.parameters.items()}
        return cls._said(parameters["Stage"], "constancia", stack.outputs, parameters, client)

    @classmethod
    def local(cls, folder: Path) -> Self:
        """The stage of the local platform whose logs are in a folder.

        Raises:
            StageError: none is running.
        """
        from infra.local.clients import client_factory  # noqa: PLC0415

        try:
            said = json.loads((folder / LOCAL).read_text("utf-8"))
        except (OSError, ValueError):
            raise StageError("no local platform is running here: start one with `make run`") from None
        parameters = said["parameters"]
        client = client_factory(said["endpoint_url"])
        return cls._said(parameters["Stage"], "constancia", said["outputs"], parameters, client)

    @classmethod
    def _said(
        cls,
        name: str,
        stack_name: str,
        outputs: Mapping[str, str],
        parameters: Mapping[str, str],
        client: Clients,
    ) -> Self:
        try:
            if (own := parameters["Stage"]) != name:
                raise StageError(f"the stack {stack_name} is of the stage {own}, not of {name}: see --stack")
            return cls(
                name=name,
                client=client,
                table_name=outputs["TableName"],
                audit_table=outputs["AuditTable"],
                bucket_name=outputs["BucketName"],
                queue_url=outputs["QueueUrl"],
                dead_letters_url=outputs["DeadLettersUrl"],
                seal_chain=outputs["SealChainName"],
                audit_years=int(parameters["AuditYears"]),
                audit_unknown_days=int(parameters["AuditUnknownDays"]),
                request_days=int(parameters["RequestDays"]),
            )
        except KeyError as missing:
            raise StageError(
                f"the stack {stack_name} says nothing of {missing}: deploy this version of template.yaml "
                "first"
            ) from None

    def trail(self, run: str) -> DynamoAuditTrail:
        """Where entries are added; `run` stands in each of them, in messages and so in render's log."""
        return DynamoAuditTrail(self.client("dynamodb"), self, lambda: run)

    def trail_reader(self) -> DynamoAuditReader:
        """Where entries are read."""
        return DynamoAuditReader(self.client("dynamodb"), self.audit_table)

    def store(self, clock: Clock, trail: DynamoAuditTrail) -> OperationsStore:
        """The data bank."""
        return OperationsStore(self.client("dynamodb"), self.table_name, clock, trail)

    def queue(self, run: str) -> SqsRenderQueue:
        """The way to render."""
        return SqsRenderQueue(self.client("sqs"), self.queue_url, lambda: run)

    def dead_letters(self) -> DeadLetterBox:
        """What render gave up."""
        return DeadLetterBox(self.client("sqs"), self.dead_letters_url, self.queue_url)


def left_by(stack: Stack, endpoint_url: str) -> str:
    """What `local` reads: JSON."""
    return json.dumps(
        {
            "endpoint_url": endpoint_url,
            "outputs": stack.outputs,
            "parameters": {name: str(value) for name, value in stack.template.parameters.items()},
        }
    )
