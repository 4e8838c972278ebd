"""`constancia seal`: from a fresh stack to one that seals (docs/seal.md)."""

import argparse
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.seal.stack import Clients


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The subcommands of `constancia seal`, and how each finds its stack."""
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--stack", required=True, metavar="NAME", help="name of the deployed stack")
    where.add_argument("--profile", metavar="NAME", help="profile of the AWS credentials")
    where.add_argument("--region", metavar="REGION", help="AWS region, unless the profile names it")
    where.add_argument("--endpoint-url", metavar="URL", help="of an emulator, instead of AWS")
    steps = parser.add_subparsers(dest="step", required=True)

    steps.add_parser("status", parents=[where], help="key and chain, and whether this stack can seal")
    request = steps.add_parser("request", parents=[where], help="a certificate request (PKCS#10) of the key")
    request.add_argument("--common-name", required=True, metavar="TEXT", help="what the seal is called")
    request.add_argument("--organization", required=True, metavar="TEXT", help="whose seal it is")
    request.add_argument("--organization-id", metavar="ID", help="its identifier: VATPE- and the RUC")
    request.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write the request")
    put = steps.add_parser("install", parents=[where], help="install the chain that the authority gave")
    put.add_argument("chain", type=Path, metavar="CHAIN.pem", help="leaf first, root last")
    steps.add_parser("demo", parents=[where], help="install a chain of the demo authority")


def run(arguments: argparse.Namespace) -> int:
    """Find the stack and take the step; 0 when it is done (status: when the stack can seal), else 1."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - the help needs none of it

    from infra.seal.demo_ca import DemoRootError  # noqa: PLC0415
    from infra.seal.stack import SealedStack, StackError  # noqa: PLC0415
    from infra.seal.steps import refuse, take  # noqa: PLC0415

    try:
        return take(arguments, SealedStack.find(arguments.stack, _clients(arguments)), datetime.now(UTC))
    except (StackError, DemoRootError, OSError, BotoCoreError, ClientError) as error:
        return refuse(str(error))


def _clients(arguments: argparse.Namespace) -> "Clients":
    import boto3  # noqa: PLC0415

    session = boto3.Session(profile_name=arguments.profile, region_name=arguments.region)

    @cache
    def client(service: str) -> Any:
        return session.client(service, endpoint_url=arguments.endpoint_url)  # type: ignore[call-overload]

    return client
