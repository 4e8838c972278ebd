"""A stack's seal: its key in KMS, its certificate chain in a parameter, and whether it is a demonstration."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from constancia.adapters.signing import KmsSigner
from constancia.domain.seal import NO_CHAIN
from infra.local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_ssm import SSMClient

type Clients = Callable[[str], Any]
"""Gives the boto3 client of a service."""


class StackError(Exception):
    """A stack is not there, or has no seal; says which."""


@dataclass(frozen=True)
class SealedStack:
    """What of a stack has to do with its seal."""

    kms: "KMSClient"
    ssm: "SSMClient"
    key_id: str
    chain_name: str
    demo: bool

    @classmethod
    def of(cls, stack: Stack, client: Clients) -> Self:
        """The seal of a stack that stands in moto."""
        demo = stack.template.parameters["SealDemo"] == "true"
        return cls(client("kms"), client("ssm"), stack.ref("SealKey"), stack.ref("SealChain"), demo)

    @classmethod
    def find(cls, name: str, client: Clients) -> Self:
        """The seal of a deployed stack, by the stack's name.

        Raises:
            StackError: there is no such stack, or it is one without a seal.
        """
        from botocore.exceptions import ClientError  # noqa: PLC0415 - the local platform finds no stacks

        try:
            (stack,) = client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            raise StackError(f"there is no stack {name} in this account and region") from None
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}
        given = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", ())}
        try:
            key_id, chain_name, demo = outputs["SealKeyId"], outputs["SealChainName"], given["SealDemo"]
        except KeyError as missing:
            raise StackError(
                f"the stack {name} says nothing of {missing}: deploy this version of template.yaml first"
            ) from None
        return cls(client("kms"), client("ssm"), key_id, chain_name, demo == "true")

    @property
    def sign(self) -> KmsSigner:
        """Signs with the sealing key."""
        return KmsSigner(self.kms, self.key_id)

    def public_key(self) -> bytes:
        """The sealing key's public half (SubjectPublicKeyInfo, DER)."""
        return self.kms.get_public_key(KeyId=self.key_id)["PublicKey"]

    def chain(self) -> str | None:
        """The chain that stands, as PEM; None until one is installed."""
        value = self.ssm.get_parameter(Name=self.chain_name)["Parameter"]["Value"]
        return None if value == NO_CHAIN else value

    def install(self, chain: str) -> None:
        """Put a chain in place of the one that stands."""
        self.ssm.put_parameter(Name=self.chain_name, Value=chain, Type="String", Overwrite=True)
