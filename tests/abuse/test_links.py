"""Presigned links: what S3 will do with them, by its own rule (Signature Version 4 in the query).

What is promised: a link opens one file, under one name, for five minutes, to whoever holds it and as often
as they like. Within these it opens it also if the certificate is superseded meanwhile; no new link is given.
"""

import hashlib
import hmac
import os
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import pytest

from constancia.adapters.files import LINK_SECONDS
from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.virtual_code import VirtualCode
from tests.abuse.routes import JSON, Standing, header, told
from tests.builders import OPERATOR, WRONG_DATA
from tests.trail import a_trail


def link_to(standing: Standing) -> str:
    path = f"/api/v1/certificates/{standing.code}/pdf?g={standing.grant}"
    return header(standing.site.ask("GET", path), "Location")


def opens(link: str, at: datetime) -> bool:
    """Whether S3 answers with a file: the signature is right for all that is asked, and has not expired.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    """
    parts = urlsplit(link)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    signature = query.pop("X-Amz-Signature", "")
    signed_at = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    names = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in query.items())
    canonical = "\n".join(
        [
            "GET",
            parts.path,
            "&".join(f"{name}={value}" for name, value in names),
            f"host:{parts.netloc}\n",
            query["X-Amz-SignedHeaders"],
            "UNSIGNED-PAYLOAD",
        ]
    )
    scope = query["X-Amz-Credential"].partition("/")[2]
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join(["AWS4-HMAC-SHA256", query["X-Amz-Date"], scope, digest])
    key = f"AWS4{os.environ['AWS_SECRET_ACCESS_KEY']}".encode()  # that of the functions
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    genuine = hmac.compare_digest(hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest(), signature)
    return genuine and at <= signed_at + timedelta(seconds=int(query["X-Amz-Expires"]))


def changed(link: str, name: str, value: str) -> str:
    parts = urlsplit(link)
    query = dict(parse_qsl(parts.query)) | {name: value}
    return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))


def test_a_link_opens_for_five_minutes_and_as_often_as_wanted(standing: Standing) -> None:
    link, now = link_to(standing), datetime.now(UTC)

    assert LINK_SECONDS == 300
    assert all(opens(link, now + timedelta(seconds=later)) for later in (0, 0, 60, 298))
    assert not opens(link, now + timedelta(seconds=302))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Amz-Expires", "604800"),
        ("X-Amz-Date", "20990101T000000Z"),
        ("X-Amz-SignedHeaders", "host;x"),
        ("X-Amz-Signature", "0" * 64),
        ("response-content-disposition", "inline"),
        ("response-content-type", "text/html"),
        ("response-cache-control", "public"),
        ("versionId", "1"),
    ],
)
def test_nothing_of_a_link_can_be_changed(standing: Standing, name: str, value: str) -> None:
    assert not opens(changed(link_to(standing), name, value), datetime.now(UTC))


def test_a_link_opens_no_other_file_and_no_list(standing: Standing) -> None:
    parts = urlsplit(link_to(standing))
    folder, _, key = parts.path.rpartition("/")
    other = ["/", folder, f"{folder}/", f"{folder}/{'0' * 64}.pdf", f"{parts.path}x", f"{folder}/../{key}"]
    for path in (*other, parts.path.replace(standing.code, "7K3QM9XD2TRJ")):
        assert not opens(urlunsplit(parts._replace(path=path)), datetime.now(UTC)), path
    assert not opens(urlunsplit(parts._replace(netloc="evil.example")), datetime.now(UTC))


def test_a_link_is_downloaded_as_a_file_of_ours_and_kept_by_nobody(standing: Standing) -> None:
    query = dict(parse_qsl(urlsplit(link_to(standing)).query))
    code = standing.code
    name = f"constancia-{code[:4]}-{code[4:8]}-{code[8:]}.pdf"

    assert query["response-content-disposition"] == f'attachment; filename="{name}"'
    assert query["response-content-type"] == "application/pdf"
    assert query["response-cache-control"] == "private, no-store"
    answer = standing.site.ask("GET", f"/api/v1/certificates/{code}/pdf?g={standing.grant}")
    assert header(answer, "Cache-Control") == "no-store"
    assert header(answer, "Referrer-Policy") == "no-referrer"


@pytest.mark.parametrize(
    "right", ["", "g=", "t=", "g=1.0", "g=9999999999.0", "t=" + "A" * 22, "g=%00", "g=.", "x=1"]
)
def test_no_link_is_given_without_a_right(standing: Standing, right: str) -> None:
    answer = standing.site.ask("GET", f"/api/v1/certificates/{standing.code}/pdf?{right}")
    assert answer.status in {403, 404}
    assert not header(answer, "Location")


def test_no_part_of_a_grant_is_one_and_none_can_be_stretched(standing: Standing) -> None:
    expiry, _, signature = standing.grant.partition(".")
    wrong = [standing.grant[:length] for length in range(1, len(standing.grant))]
    wrong += [f"{int(expiry) + more}.{signature}" for more in (-1, 1, 600, 10**9)]
    wrong += [f"0{expiry}.{signature}", f"+{expiry}.{signature}", f"{expiry}.0.{signature}"]
    wrong += [
        f"{standing.grant}0",
        f"{expiry}_0.{signature}",
        standing.grant.upper() + "x",
        f"٣{standing.grant}",
    ]
    for grant in wrong:
        path = f"/api/v1/certificates/{standing.code}/pdf?{urlencode({'g': grant})}"
        answer = standing.site.ask("GET", path)
        assert (answer.status, header(answer, "Location")) == (404, ""), grant


def test_once_it_no_longer_stands_no_right_gives_a_link(standing: Standing) -> None:
    """The last test of this module: it annuls."""
    link = link_to(standing)
    aws = standing.site.deployed.aws
    store = DynamoCertificateStore(
        aws.client("dynamodb"), aws.ref("Table"), lambda: datetime.now(UTC), a_trail(aws)
    )
    assert store.annul(VirtualCode(standing.code), WRONG_DATA, OPERATOR)

    answer = standing.site.ask("GET", f"/api/v1/certificates/{standing.code}/pdf?g={standing.grant}")
    assert (answer.status, header(answer, "Location")) == (410, "")
    body = f'{{"code": "{standing.code}"}}'
    assert told(standing.site.ask("POST", "/api/v1/validations", JSON, body))["verdict"] == "annulled"
    assert opens(link, datetime.now(UTC))  # until its five minutes are over
    assert not opens(link, datetime.now(UTC) + timedelta(minutes=6))
