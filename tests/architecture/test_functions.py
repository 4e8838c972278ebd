"""Functions hold to template.yaml, and load no more than they need."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra.local.stack import Function
from infra.local.template import Template
from tests.conftest import Aws
from tests.unit.web.events import event, json_event

ROOT = Path(__file__).parents[2]
LAYERS = sorted(path.parent.name for path in ROOT.glob("layers/*/requirements.txt"))
PACKAGES = sorted(path.parent.name for path in ROOT.glob("functions/*/handler.py"))

NOWHERE = ("GET", "/{proxy+}")
"""Every address without a route of its own; the resolver knows none for it, and says so."""

OWN = {"constancia", *PACKAGES}
BASE = {
    "aws_lambda_powertools", "boto3", "botocore", "dateutil", "jmespath", "msgspec", "s3transfer", "six",
    "stdnum", "typing_extensions", "urllib3",
}  # fmt: skip
PAGES = {"govuk_frontend_jinja", "jinja2", "markupsafe"}
PYDANTIC = {"annotated_types", "pydantic", "pydantic_core", "typing_inspection"}
DRAWING = {"PIL", "cython_runtime", "defusedxml", "fontTools", "fpdf", "qrcode"}
SEALING = {"asn1crypto"}
MAY_LOAD_AT_START = {
    "validate": BASE,
    "request": BASE | PYDANTIC,
    "render": BASE | DRAWING | SEALING | PAGES,
}


@dataclass(frozen=True)
class Started:
    """What a handler did in a fresh interpreter."""

    third_party: tuple[frozenset[str], ...]
    """The packages loaded at import, then after each event."""
    routes: frozenset[tuple[str, str]]
    statuses: tuple[int, ...]


@cache
def start(
    package: str, layers: tuple[str, ...], environment: tuple[tuple[str, str], ...], events: str
) -> Started:
    ran = subprocess.run(
        [sys.executable, Path(__file__).with_name("start.py"), f"{package}.handler", *layers],
        env={"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        | dict(environment),
        input=events,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    return Started(
        tuple(_third_party(modules) for modules in found["modules"]),
        frozenset((method, path.replace("<", "{").replace(">", "}")) for method, path in found["routes"]),
        tuple(found["statuses"]),
    )


def _third_party(modules: Sequence[str]) -> frozenset[str]:
    top = {name.partition(".")[0] for name in modules if not name.startswith("_")}
    return frozenset(top - OWN - sys.stdlib_module_names)


def function_of(aws: Aws, package: str) -> Function:
    (function,) = (each for each in aws.stack.functions if each.handler == f"{package}.handler.handler")
    return function


def started(aws: Aws, package: str, *events: dict[str, Any]) -> Started:
    function = function_of(aws, package).logical_id
    environment = tuple(sorted(aws.environment(function).items()))
    return start(package, layers_of(aws.stack.template, function), environment, json.dumps(events))


def layers_of(template: Template, function: str) -> tuple[str, ...]:
    """The folders under `layers/` that a function gets: `layers/common` makes the CommonLayer, and so on."""
    versions = [each["Ref"] for each in template.resources[function].properties["Layers"]]
    names = [
        name for name in LAYERS for version in versions if version.startswith(f"{name.capitalize()}Layer")
    ]
    assert len(names) == len(versions)
    return tuple(names)


def test_every_handler_is_a_function_of_the_template_and_the_other_way_round(aws: Aws) -> None:
    assert sorted(each.handler for each in aws.stack.functions) == [
        f"{name}.handler.handler" for name in PACKAGES
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_routes_are_the_templates(aws: Aws, package: str) -> None:
    function = function_of(aws, package).logical_id
    described = {(route.method, route.path) for route in aws.stack.api.routes if route.function == function}

    assert started(aws, package).routes == described - {NOWHERE}


def test_an_address_that_nobody_has_is_answered_by_request_with_a_page(aws: Aws) -> None:
    (route,) = (one for one in aws.stack.api.routes if (one.method, one.path) == NOWHERE)

    assert route.function == function_of(aws, "request").logical_id
    assert started(aws, "request", event("GET", "/a/path/of/nobody")).statuses == (404,)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_settings_are_the_templates_environment(aws: Aws, package: str) -> None:
    given = {name for name in function_of(aws, package).environment if not name.startswith("POWERTOOLS_")}
    settings = importlib.import_module(f"{package}.settings").Settings

    assert {field.name.upper() for field in fields(settings)} == given - {"LOG_LEVEL"}  # Powertools' too


@pytest.mark.parametrize("package", PACKAGES)
def test_a_handler_loads_no_more_than_it_may(aws: Aws, package: str) -> None:
    (at_import,) = started(aws, package).third_party

    assert at_import <= MAY_LOAD_AT_START[package]


def test_validate_loads_jinja_with_the_first_page_alone(aws: Aws) -> None:
    wrong = json_event("POST", "/api/v1/validations", {"code": "mistyped"})

    answered = started(aws, "validate", wrong, event("GET", "/validate"))

    _, after_api, after_page = answered.third_party
    assert answered.statuses == (422, 200)
    assert after_api <= BASE
    assert after_page == after_api | PAGES
