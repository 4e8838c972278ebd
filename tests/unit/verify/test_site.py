"""Which addresses are spoken to, and which ones a QR may lead to."""

import pytest

from infra.verify.site import Address, Site
from tests.builders import CODE, TOKEN

SITE = Site.at("https://cla.example/prod/")
PAGE = f"https://cla.example/prod/validate/{CODE}"


@pytest.mark.parametrize(
    "address",
    ["https://cla.example", "https://a.execute-api.us-east-1.amazonaws.com/prod", "http://127.0.0.1:8080",
     "http://localhost:8080", "http://[::1]:8080"],
)  # fmt: skip
def test_sites_with_tls_and_this_machine_are_spoken_to(address: str) -> None:
    assert Site.at(address).base == address


@pytest.mark.parametrize(
    "address",
    ["", "cla.example", "http://cla.example", "ftp://cla.example", "https://", "file:///etc/passwd",
     "http://127.0.0.1.cla.example", "https://cla.example/?x=1", "https://user:key@cla.example", "http://[::1"],
)  # fmt: skip
def test_no_other_is(address: str) -> None:
    with pytest.raises(ValueError, match=r"not|Invalid"):
        Site.at(address)


@pytest.mark.parametrize(
    ("text", "owned"),
    [
        (PAGE, True),
        (PAGE.replace("https://cla", "HTTPS://CLA"), True),
        (f"https://cla.example.forger.example/prod/validate/{CODE}", False),
        (f"https://cla.example@forger.example/prod/validate/{CODE}", False),
        (f"https://cla.example:444/prod/validate/{CODE}", False),
        (f"http://cla.example/prod/validate/{CODE}", False),
        (f"https://cla.example/validate/{CODE}", False),
        (f"https://cla.example:443000/prod/validate/{CODE}", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_a_qr_is_the_sites_only_if_it_leads_to_the_very_site(text: str, owned: bool) -> None:
    assert SITE.owns(text) is owned


def test_this_machine_is_one_site_whatever_it_is_called() -> None:
    site = Site.at("http://localhost:8080")

    assert site.owns(f"http://127.0.0.1:8080/validate/{CODE}")
    assert not site.owns(f"http://127.0.0.1:8081/validate/{CODE}")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"{PAGE}?t={TOKEN}", Address(CODE, TOKEN)),
        (PAGE, Address(CODE, None)),
        (f"{PAGE}?t=short", Address(CODE, None)),
        (f"https://other.example/validate/{CODE}?t={TOKEN}", Address(CODE, TOKEN)),
        ("https://cla.example/prod/validate/NOCODE", None),
        ("https://cla.example/", None),
        ("WIFI:S:x;;", None),
        ("https://[/validate/x", None),
    ],
)
def test_a_code_is_read_from_whatever_site_a_qr_names(text: str, address: Address | None) -> None:
    assert Site.any_address_in(text) == address


def test_a_token_shows_in_no_repr() -> None:
    assert TOKEN not in repr(Address(CODE, TOKEN))
