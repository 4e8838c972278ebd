"""The API keeps to its own description, whatever it is sent: schemathesis against the deployed functions."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from infra.local.gateway import GatewayServer
from infra.openapi import TARGET
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from tests.builders import TERMS
from tests.fuzz.effort import FRESH, TIMES
from tests.fuzz.site import Site

pytestmark = [pytest.mark.slow]
HERE: Final = Path(__file__).parent
GRANTED: Final = ("adult", "minor-mother", "foreign-adult", "primaria", "single-parent")


def known(site: Site) -> dict[str, list[dict[str, Any]]]:
    """By operation, what real people send: `tests.fuzz.hooks` mixes it in."""
    applications = [scenario(name, today_in_lima()).application(TERMS) for name in GRANTED]
    questions: list[dict[str, Any]] = []
    rights: list[dict[str, Any]] = []
    followed: list[dict[str, Any]] = []
    for application in applications:
        accepted = site.ask("POST", "/api/v1/requests", JSON, json.dumps(application))
        assert accepted.status == 202, accepted.body
        request_id = json.loads(accepted.body)["id"]
        followed.append({"path_parameters": {"id": request_id}})
        told = json.loads(site.ask("GET", f"/api/v1/requests/{request_id}").body)
        document = application["student"]["document"]
        questions += [
            {"body": {"code": told["grouped_code"]}},
            {"body": {"code": told["code"], "document": document}},
            {"body": {"code": told["code"], "document": {"type": "DNI", "number": "00000009"}}},
        ]
        grant = told["links"]["pdf"].partition("?g=")[2]
        rights += [
            {"path_parameters": {"code": told["code"]}, "query": {"g": grant}},
            {"path_parameters": {"code": told["code"]}, "query": {"g": f"1{grant}"}},
        ]
    digest = json.loads(site.ask("POST", "/api/v1/validations", JSON, json.dumps(questions[1]["body"])).body)
    return {
        "createRequest": [{"body": application} for application in applications],
        "readRequest": followed,
        "validate": questions,
        "validateFile": [{"body": {"sha256": digest["sha256"]}}],
        "downloadCertificate": rights,
    }


JSON: Final = {"Content-Type": "application/json"}
REQUESTS, FILE = "/api/v1/requests", "/api/v1/certificates/{code}/pdf"
REACHED: Final = {
    *(("POST", REQUESTS, status) for status in (202, 400, 415, 422)),
    *(("GET", f"{REQUESTS}/{{id}}", status) for status in (200, 404)),
    *(("POST", "/api/v1/validations", status) for status in (200, 400, 415, 422)),
    *(("POST", "/api/v1/files", status) for status in (200, 400, 415, 422)),
    *(("GET", FILE, status) for status in (303, 403, 404)),
    *(("GET", f"/api/v1/{name}", 200) for name in ("terms", "openapi.json", "seal.pem")),
}
"""What a run has to have met at least."""


def test_the_api_is_what_it_says_it_is(site: Site, tmp_path: Path) -> None:
    server = GatewayServer(0)
    server.start(site.gateway)
    try:
        ran = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli"),
                *("--config-file", str(HERE / "schemathesis.toml"), "run", str(TARGET)),
                *("--url", server.url, "--no-color", "--phases", "examples,coverage,fuzzing,stateful"),
                *("--checks", "all", "--exclude-checks", "unsupported_method"),
                *("--max-examples", str(30 * TIMES), "--request-timeout", "60"),
                *(() if FRESH else ("--seed", "1", "--generation-deterministic")),
            ],
            env={
                **os.environ,
                "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
                "FUZZ_KNOWN": json.dumps(known(site)),
                "PYTHONPATH": str(HERE.parents[1]),
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        server.stop()
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2000:]
    # It got behind the description: what is accepted, found, opened and handed out, and what is not.
    reached = {answer for answer in site.answered if answer[1].startswith("/api/")}
    assert reached >= REACHED
    assert sum(site.answered.values()) >= 500
