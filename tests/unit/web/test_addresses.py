"""Addresses that are ours, and those that only look so."""

import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from constancia.web.addresses import address_of, own_address
from tests.unit.web.events import event


@pytest.mark.parametrize("address", ["/", "/request", "/validate/99S0-QR6Y-D40R?t=a-b_c&x=%2F", "/a//b"])
def test_our_own_paths_may_be_gone_back_to(address: str) -> None:
    assert own_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *("", "request", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/"),
        *("/a\\b", "javascript:alert(1)", " /", "/ a", "/\t/evil.example", "/a\r\nSet-Cookie: x=y", "/a\x00"),
        *("/a\n", "/ñ", "?t=1", "/" + "a" * 2000),
    ],
)
def test_no_other_address_may(address: str) -> None:
    assert own_address(address) is None


@pytest.mark.parametrize(
    ("path", "query", "address"),
    [
        ("/", None, "/"),
        ("/validate/ABC", {"t": "x y&z"}, "/validate/ABC?t=x+y%26z"),
        ("/añ o", None, "/a%C3%B1%20o"),
        ("/a%20b", None, "/a%20b"),
    ],
)
def test_a_page_knows_its_own_address(path: str, query: dict[str, str] | None, address: str) -> None:
    sent = APIGatewayProxyEvent(event("GET", path, query=query))

    assert address_of(sent) == address
    assert own_address(address) == address
