"""The running platform as tests need it: what it sent, and states that take days or operators."""

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import urllib3

from infra.cli.demo import read_qr
from infra.local.platform import LocalPlatform
from infra.registries.cast import Scenario
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario

ONE_ADDRESS: Final = {
    "LockoutAttemptsPerAddress": 1_000_000,
    "DailyPerAddress": 1_000_000,
    "GuessesPerAddress": 1_000_000,
}
"""Everybody comes from one address here, which must not be locked out for it."""
_PATIENCE: Final = 60.0
_FORGOTTEN: Final = ("SAME#", "ATTEMPTS#", "TODAY#", "GUESSES#", "breaker#")


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that somebody got by the API."""

    code: str
    document: str
    file: bytes
    qr: str
    """The address that its QR says."""
    progress: str
    """The path of its request's page."""


class Site:
    """One platform."""

    def __init__(self, platform: LocalPlatform) -> None:
        self._platform = platform
        self._http = urllib3.PoolManager(timeout=30, retries=False)
        self._table: str = platform.stack.ref("Table")
        self.url = platform.site_url

    @cached_property
    def terms_version(self) -> str:
        """Of the terms in force."""
        version: str = self._json(f"{self.url}/api/v1/terms")["version"]
        return version

    def application(self, name: str) -> dict[str, Any]:
        """What a scenario's person asks."""
        return self.scenario(name).application(self.terms_version)

    def scenario(self, name: str) -> Scenario:
        """A scenario by its slug."""
        return scenario(name, today_in_lima())

    def forget(self) -> None:
        """Let the minutes pass after which the same request makes a new certificate, and every lock-out."""
        dynamodb = self._platform.client("dynamodb")
        for item in self._items():
            if item["pk"]["S"].startswith(_FORGOTTEN):
                dynamodb.delete_item(TableName=self._table, Key={"pk": item["pk"]})

    def issue(self, name: str) -> Issued:
        """Let a scenario's person have a certificate, without a browser."""
        return self.issue_to(self.application(name))

    def issue_to(self, body: dict[str, Any]) -> Issued:
        """Let whoever asks with this body have a certificate."""
        answer = self._http.request("POST", f"{self.url}/api/v1/requests", json=body)
        assert answer.status == 202, answer.data
        location = answer.headers["Location"]
        told = self._until(lambda: self._json(self.url + location), lambda told: told["state"] == "ISSUED")
        stored = self._http.request("GET", self.url + told["links"]["pdf"]).headers["Location"]
        file = self._http.request("GET", stored).data
        return Issued(
            code=told["code"],
            document=body["student"]["document"]["number"],
            file=file,
            qr=read_qr(file),
            progress=location.removeprefix("/api/v1").replace("/requests/", "/request/"),
        )

    def annul(self, code: str) -> None:
        """Annul a certificate, as an operator will."""
        self._platform.client("dynamodb").update_item(
            TableName=self._table,
            Key={"pk": {"S": f"CERT#{code.replace('-', '')}"}},
            UpdateExpression="SET certificate_state = :annulled",
            ExpressionAttributeValues={":annulled": {"S": "ANNULLED"}},
        )

    def certificates(self) -> set[str]:
        """The keys of all certificates that were made or are being made."""
        return {item["pk"]["S"] for item in self._items() if item["pk"]["S"].startswith("CERT#")}

    def mail_to(self, address: str, code: str) -> dict[str, Any]:
        """The mail with a code, once it is there."""

        def found() -> dict[str, Any] | None:
            mails = self._json(f"{self._platform.outbox_url}/outbox.json")
            return next((one for one in mails if address in one["to"] and code in one["text"]), None)

        mail: dict[str, Any] = self._until(found, bool)
        return mail

    def _items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        for page in self._platform.client("dynamodb").get_paginator("scan").paginate(TableName=self._table):
            items += page["Items"]
        return items

    def _json(self, url: str) -> Any:
        answer = self._http.request("GET", url)
        assert answer.status == 200, (url, answer.status)
        return answer.json()

    def _until(self, look: Any, enough: Any) -> Any:
        end = time.monotonic() + _PATIENCE
        while not enough(seen := look()):
            assert time.monotonic() < end, f"not within {_PATIENCE:.0f} s: {seen}"
            time.sleep(0.2)
        return seen
