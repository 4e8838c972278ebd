"""What the routes of request are given."""

from dataclasses import dataclass

from aws_lambda_powertools import Logger

from constancia.domain.eligibility import Policy
from request.intake import Intake
from request.progress import Follow


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases, and what pages say of the rules."""

    intake: Intake
    follow: Follow
    policy: Policy
    logger: Logger
