"""The abuse list of docs/reliability.md names tests that are there, and as many cases as they have."""

import re
from pathlib import Path
from typing import Final

from infra.local.template import Template
from tests.abuse import test_every_route, test_hostile_input, test_logs, test_regexes
from tests.conftest import Aws
from tests.fuzz import oracle

ROOT: Final = Path(__file__).parents[2]


def section(title: str) -> str:
    page = (ROOT / "docs/reliability.md").read_text("utf-8")
    start = page.index(f"{title}\n")
    end = re.search(r"\n##+ ", page[start + 4 :])
    return page[start : start + 4 + end.start()] if end else page[start:]


def test_every_test_that_the_list_names_is_there() -> None:
    named = re.findall(
        r"`(tests/[\w/]+\.py)(?:::(\w+))?`", section("### The abuse list") + section("## Fuzz")
    )
    assert len(named) > 25
    for path, test in named:
        source = (ROOT / path).read_text("utf-8")
        assert not test or f"def {test}" in source, (path, test)


def test_the_list_says_how_many_cases_there_are(aws: Aws, template: Template) -> None:
    routes = aws.stack.api.routes
    parameters = sum(route.path.count("{") for route in routes)
    said = section("### The abuse list")
    assert f"{len(routes)} routes with {parameters} parameters" in said
    for count, name in (
        (test_every_route.LIES, "headers of proxies"),
        (test_every_route.FOREIGN, "ways of saying where a form comes from"),
        (test_every_route.SIMPLE, "content types"),
        (test_every_route.UNUSUAL, "methods"),
        (test_hostile_input.PATHS, "texts for each parameter"),
        (test_hostile_input.TARGETS, "targets"),
        (test_hostile_input.RETURNS, "addresses to return to"),
        (test_hostile_input.COOKIES, "cookies"),
        (test_hostile_input.HEADERS, "headers"),
        (test_hostile_input.BODIES, "bodies"),
        (test_hostile_input.FORMS, "forms"),
        (test_logs.HOSTILE, "forgeries"),
        (test_regexes.PATTERNS, "expressions"),
    ):
        assert f"{len(count)} {name}" in said, (len(count), name)
    assert f"{len(oracle.SPOILT)} rows" in section("## Fuzz")


def test_the_fuzzers_look_at_as_many_cases_as_is_said() -> None:
    said = section("## Fuzz")
    for name in ("codes", "names", "content"):
        path = f"tests/fuzz/test_{name}.py"
        examples = re.findall(r"^@effort\((\d+)\)", (ROOT / path).read_text("utf-8"), re.MULTILINE)
        assert re.search(rf"`{path}`\) \| {sum(map(int, examples)):,} \|", said), (name, examples)
