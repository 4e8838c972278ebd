"""What every answer of every route keeps to, whatever it is asked by: all routes of template.yaml."""

import re
from typing import Final

import pytest

from infra.local.gateway import Response
from tests.abuse.routes import JSON, OWN_FORM, Standing, header, is_api, links_of

PUBLIC: Final = {
    *("/", "/terms", "/terms/{version}", "/privacy", "/cookies", "/accessibility", "/static/{name}"),
    *("/api/v1/openapi.json", "/api/v1/seal.pem"),
}
"""What is about nobody, and may be kept by caches. Every other route's answers may not."""
FOR_PROGRAMS_OF_OTHERS: Final = {"/api/v1/openapi.json", "/api/v1/seal.pem"}
"""What scripts of other sites may read."""
ONLY_READ: Final = {"/validate", "/validate/file"}
"""Forms that change nothing: whoever sends one from elsewhere shows the person a page of ours, no more."""
LIES: Final = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Prefix": "/evil.example",
    "X-Forwarded-Proto": "https",
    "X-Host": "evil.example",
    "X-Original-URL": "/privacy",
    "X-Rewrite-URL": "/privacy",
    "X-HTTP-Method-Override": "DELETE",
    "Forwarded": "host=evil.example;proto=https",
    "Via": "1.1 evil.example",
    "True-Client-IP": "198.51.100.1",
}
FOREIGN: Final = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
    {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://127.0.0.1.evil.example"},
    {"Origin": "https://evil.example:80@"},
    {"Origin": "http://[bad"},
    {"Referer": "https://evil.example/127.0.0.1"},
    {"Referer": "https://127.0.0.1@evil.example/"},
    {"Referer": "http://[bad"},
)
SIMPLE: Final = (
    "text/plain",
    "text/plain; application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json-patch+json",
    "",
)
"""Content types that a form of another site can send without asking first, and what only looks right."""
UNUSUAL: Final = ("HEAD", "OPTIONS", "TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "QUERY", "PROPFIND")


def is_page(response: Response) -> bool:
    return header(response, "Content-Type").startswith("text/html")


def test_every_answer_is_protected_and_kept_by_nobody_but_where_it_is_about_nobody(
    standing: Standing,
) -> None:
    for route in standing.routes:
        for accept in ("text/html", "application/json", "*/*"):
            answer = standing.call(route, {"Accept": accept})
            where = f"{route.method} {route.path} {answer.status}"
            assert answer.status < 500, where
            assert header(answer, "X-Content-Type-Options") == "nosniff", where
            assert "max-age=" in header(answer, "Strict-Transport-Security"), where
            kept = header(answer, "Cache-Control") != "no-store"
            if is_page(answer) or (is_api(route) and not kept):
                assert "frame-ancestors 'none'" in header(answer, "Content-Security-Policy"), where
                assert "unsafe" not in header(answer, "Content-Security-Policy"), where
                assert header(answer, "Referrer-Policy"), where
            if is_page(answer):
                assert header(answer, "Cross-Origin-Opener-Policy") == "same-origin", where
                assert header(answer, "Cross-Origin-Resource-Policy") == "same-origin", where
            if kept:
                assert route.path in PUBLIC, where
                assert answer.status in {200, 304}, where
                assert not header(answer, "Set-Cookie"), where
                assert not is_page(answer) or "Cookie" in header(answer, "Vary"), where
            else:
                assert route.path not in PUBLIC, where
            allowed = header(answer, "Access-Control-Allow-Origin")
            assert allowed == ("*" if route.path in FOR_PROGRAMS_OF_OTHERS else ""), where
            assert not header(answer, "Access-Control-Allow-Credentials"), where


def test_what_is_about_nobody_is_the_same_whoever_asks(standing: Standing) -> None:
    for route in standing.routes:
        if route.path in PUBLIC:
            alone = standing.site.ask(route.method, standing.path(route))
            known = standing.call(route, {"User-Agent": "x", "Accept-Language": "qu"})
            assert (alone.status, alone.body) == (known.status, known.body)


def test_what_a_public_route_does_not_have_is_kept_by_nobody(standing: Standing) -> None:
    for route in standing.routes:
        for name in ("version", "name"):
            if f"{{{name}}}" in route.path:
                answer = standing.call(route, None, **{name: "nothing"})
                assert (answer.status, header(answer, "Cache-Control")) == (404, "no-store")


def _without_what_passes(response: Response) -> bytes:
    """A page without its time and its grant."""
    text = re.sub(rb"\d{10}\.[0-9a-f]{32}", b"grant", response.body)
    text = re.sub(rb"\d\d:\d\d:\d\d", b"time", text)
    return re.sub(rb'"(checked|expires)_at":"[^"]+"', b"time", text)


def test_no_header_that_a_caller_can_make_up_changes_an_answer(standing: Standing) -> None:
    for route in standing.routes:
        honest = standing.call(route)
        for name, value in LIES.items():
            answer = standing.call(route, {name: value})
            where = f"{route.method} {route.path} {name}"
            assert answer.status == honest.status, where
            assert _without_what_passes(answer) == _without_what_passes(honest), where
            assert "evil" not in str([pair for pair in answer.headers if pair[0] != "Set-Cookie"]), where


@pytest.mark.parametrize(
    "host", ["evil.example", 'x"><script>alert(1)</script>', "a\tb", "[::1]", "127.0.0.1:99999"]
)
def test_a_false_host_leads_nowhere(standing: Standing, host: str) -> None:
    for route in standing.routes:
        answer = standing.call(route, {"Host": host})
        assert answer.status < 500
        assert b"<script>" not in answer.body
        if is_page(answer):
            own = [link for link in links_of(answer.body.decode()) if not link.startswith("mailto:")]
            assert all(re.match(r"[/#?](?!/)", link) for link in own), own
        location = header(answer, "Location")
        assert not location.startswith("//")
        assert host not in location


@pytest.mark.parametrize("headers", FOREIGN)
def test_no_form_of_another_site_changes_anything(standing: Standing, headers: dict[str, str]) -> None:
    forms = [route for route in standing.routes if route.method == "POST" and not is_api(route)]
    assert {route.path for route in forms} > ONLY_READ
    before = len(standing.site.deployed.items())
    for route in forms:
        sent = {name: value for name, value in (OWN_FORM | headers).items() if value}
        if "Sec-Fetch-Site" not in headers:
            del sent["Sec-Fetch-Site"]
        sent["Cookie"] = f"draft={standing.cookie}"
        if route.path in ONLY_READ:
            assert standing.site.ask("POST", standing.path(route), sent, "code=x").status == 422
        answer = standing.site.ask("POST", standing.path(route), sent, "to=qu&code=x")
        assert answer.status == 403, route.path
        assert not header(answer, "Set-Cookie")
    assert len(standing.site.deployed.items()) == before


@pytest.mark.parametrize("content_type", SIMPLE)
def test_no_form_of_another_site_reaches_the_api(standing: Standing, content_type: str) -> None:
    before = len(standing.site.deployed.items())
    calls = [route for route in standing.routes if route.method == "POST" and is_api(route)]
    assert calls
    for route in calls:
        answer = standing.call(route, {"Content-Type": content_type, "Origin": "https://evil.example"})
        assert answer.status == 415
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        preflight = standing.site.ask("OPTIONS", standing.path(route), asked)
        assert preflight.status >= 400
        assert not any(name.lower().startswith("access-control") for name, _ in preflight.headers)
    assert len(standing.site.deployed.items()) == before


def test_unusual_methods_are_refused_and_tell_nothing(standing: Standing) -> None:
    known = {(route.path, route.method) for route in standing.routes}
    for route in standing.routes:
        for method in UNUSUAL:
            answer = standing.site.ask(method, standing.path(route), {"Cookie": "draft=echo-me"})
            where = f"{method} {route.path} {answer.status}"
            assert b"echo-me" not in answer.body, where
            if (route.path, method) in known:
                assert (answer.status, answer.body) == (200, b""), where
            else:
                assert answer.status in {404, 405}, where
                assert header(answer, "Cache-Control") == "no-store", where


def test_parts_of_an_answer_are_not_given(standing: Standing) -> None:
    bomb = "bytes=" + ",".join(f"{start}-" for start in range(2000))
    for route in standing.routes:
        if route.method == "GET":
            whole = standing.call(route)
            for wanted in ("bytes=0-0", "bytes=-1", "bytes=9999999-", bomb, "lines=1-2"):
                answer = standing.call(route, {"Range": wanted, "If-Range": '"x"'})
                assert answer.status == whole.status, route.path
                assert _without_what_passes(answer) == _without_what_passes(whole), route.path


def test_a_program_may_ask_the_api_without_a_browser_s_headers(standing: Standing) -> None:
    answer = standing.site.ask("POST", "/api/v1/validations", JSON, f'{{"code": "{standing.code}"}}')
    assert answer.status == 200
