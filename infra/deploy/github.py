"""`python -m infra.deploy.github`: the credentials of a workflow's job, for the hour that a deploy may take.

GitHub vouches for the job with a token that holds for minutes; AWS gives credentials of the stage's role for
it. They go into the environment of the steps that follow, masked in the log. Nothing of it is kept anywhere.
"""

import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import quote

import urllib3

AUDIENCE = "sts.amazonaws.com"
SECONDS = 3600
_VARIABLES = {
    "AccessKeyId": "AWS_ACCESS_KEY_ID",
    "SecretAccessKey": "AWS_SECRET_ACCESS_KEY",
    "SessionToken": "AWS_SESSION_TOKEN",
}


def main() -> int:
    """Exchange the token; 0 when the credentials are there, 1 when not, with the reason."""
    import boto3  # noqa: PLC0415
    from botocore import UNSIGNED  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415
    from botocore.exceptions import ClientError  # noqa: PLC0415

    try:
        role, token = os.environ["DEPLOY_ROLE"], _token()
    except KeyError as missing:
        print(f"github: {missing} is not set: this runs in a job with `id-token: write`", file=sys.stderr)
        return 1
    sts = boto3.client("sts", config=Config(signature_version=UNSIGNED))
    try:
        answer = sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName=_session(), WebIdentityToken=token, DurationSeconds=SECONDS
        )
    except ClientError as error:
        print(f"github: {role} is not given: {error.response['Error']['Code']}", file=sys.stderr)
        return 1
    given = {variable: answer["Credentials"][key] for key, variable in _VARIABLES.items()}
    for value in given.values():
        print(f"::add-mask::{value}")
    with Path(os.environ["GITHUB_ENV"]).open("a", encoding="utf-8") as later:
        later.writelines(f"{variable}={value}\n" for variable, value in given.items())
    return 0


def _token() -> str:
    answer = urllib3.request(
        "GET",
        f"{os.environ['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience={quote(AUDIENCE)}",
        headers={"Authorization": f"bearer {os.environ['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"},
        timeout=30,
    )
    token: str = json.loads(answer.data)["value"]
    return token


def _session() -> str:
    """Who deploys, as CloudTrail will name them: the run and the one who started it."""
    name = f"{os.environ.get('GITHUB_RUN_ID', 'run')}-{os.environ.get('GITHUB_ACTOR', 'nobody')}"
    return re.sub(r"[^A-Za-z0-9_=,.@-]", "-", name)[:64]


if __name__ == "__main__":
    sys.exit(main())
