"""A stack's seal: its key in KMS, its certificate chain in a parameter, and whether it is a demonstration."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from constancia.domain.seal import NO_CHAIN
from infra.local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_ssm import SSMClient


@dataclass(frozen=True)
class SealedStack:
    """What of a stack has to do with its seal."""

    kms: "KMSClient"
    ssm: "SSMClient"
    key_id: str
    chain_name: str
    demo: bool

    @classmethod
    def of(cls, stack: Stack, client: Callable[[str], Any]) -> Self:
        """The seal of a stack that stands in moto."""
        demo = stack.template.parameters["SealDemo"] == "true"
        return cls(client("kms"), client("ssm"), stack.ref("SealKey"), stack.ref("SealChain"), demo)

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
