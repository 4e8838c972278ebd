"""What people do with the site, for locust: of twenty-one acts one is a request, the others verify.

Runs in locust's own environment (`scripts/load`), so it imports nothing of ours. `tests.load.drive` writes
the file that `CONSTANCIA_LOAD` names: certificates to verify, and applications, each of which is sent once.
"""

import itertools
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, constant, task
from locust.exception import StopUser

VERIFICATIONS_A_REQUEST = 20
POLL_SECONDS = 1.0
PATIENCE_SECONDS = 60.0

_given = json.loads(Path(os.environ["CONSTANCIA_LOAD"]).read_text())
_applications = iter(_given["applications"])
_certificates = itertools.cycle(_given["certificates"])
_acts = itertools.count(1)  # of all users together: gevent's greenlets take turns, so it counts right


class Public(FastHttpUser):
    """Families and verifiers, one after another without a pause."""

    wait_time = constant(0)

    def on_start(self) -> None:
        """Say how each way of verifying is gone; they take turns."""
        ways: list[Callable[[dict[str, Any]], None]] = [
            self._by_qr, self._by_code, self._by_document, self._by_file, self._by_qr_and_download
        ]  # fmt: skip
        self._ways = itertools.cycle(ways)
        self._waiting: list[gevent.Greenlet] = []

    def on_stop(self) -> None:
        """Let those who asked have their certificates."""
        gevent.joinall(self._waiting)

    @task
    def act(self) -> None:
        """Ask for a certificate or verify one."""
        if next(_acts) % (VERIFICATIONS_A_REQUEST + 1) == 0:
            self._request()
        else:
            next(self._ways)(next(_certificates))

    def _request(self) -> None:
        body = next(_applications, None)
        if body is None:
            self._note("request", 0, "no applications are left")
            raise StopUser
        begun = time.perf_counter()
        with self.client.post("/api/v1/requests", json=body, name="request", catch_response=True) as answer:
            if answer.status_code != 202:
                answer.failure(f"{answer.status_code} {_code_of(answer)}")
                return
            location = answer.headers["Location"]
        self._waiting.append(gevent.spawn(self._until_issued, location, begun))

    def _until_issued(self, location: str, begun: float) -> None:
        while time.perf_counter() - begun < PATIENCE_SECONDS:
            gevent.sleep(POLL_SECONDS)
            with self.client.get(location, name="progress", catch_response=True) as answer:
                told = answer.json() if answer.status_code == 200 else {}
                if not told:
                    answer.failure(f"{answer.status_code} {_code_of(answer)}")
                    return
            if told["state"] == "ISSUED":
                self._note("issued, from request to certificate", time.perf_counter() - begun, None)
                return
        self._note("issued, from request to certificate", PATIENCE_SECONDS, f"not in {PATIENCE_SECONDS} s")

    def _by_qr(self, certificate: dict[str, Any]) -> None:
        path = f"/validate/{certificate['code']}?t={certificate['token']}"
        with self.client.get(path, name="verify: QR, page", catch_response=True) as answer:
            _expect(answer, 200, "Constancia auténtica")

    def _by_code(self, certificate: dict[str, Any]) -> None:
        self._ask("verify: code, API", {"code": certificate["code"]})

    def _by_document(self, certificate: dict[str, Any]) -> None:
        body = {"code": certificate["code"], "document": certificate["document"]}
        self._ask("verify: code and document, API", body)

    def _by_file(self, certificate: dict[str, Any]) -> None:
        body = {"sha256": certificate["sha256"]}
        with self.client.post(
            "/api/v1/files", json=body, name="verify: file, API", catch_response=True
        ) as answer:
            _expect(answer, 200, '"authentic"')

    def _by_qr_and_download(self, certificate: dict[str, Any]) -> None:
        body = {"code": certificate["code"], "token": certificate["token"]}
        told = self._ask("verify: QR, API", body)
        if not told:
            return
        address = told["download"]["url"]
        with self.client.get(
            address, name="verify: link to the file", allow_redirects=False, catch_response=True
        ) as answer:
            _expect(answer, 303, "")

    def _ask(self, name: str, body: dict[str, Any]) -> dict[str, Any] | None:
        with self.client.post("/api/v1/validations", json=body, name=name, catch_response=True) as answer:
            return json.loads(answer.text) if _expect(answer, 200, '"authentic"') else None

    def _note(self, name: str, seconds: float, fault: str | None) -> None:
        self.environment.events.request.fire(
            request_type="-",
            name=name,
            response_time=seconds * 1000,
            response_length=0,
            exception=RuntimeError(fault) if fault else None,
        )


def _expect(answer: Any, status: int, text: str) -> bool:
    if answer.status_code != status:
        answer.failure(f"{answer.status_code} {_code_of(answer)}")
        return False
    if text not in (answer.text or ""):
        answer.failure(f"without {text}")
        return False
    answer.success()
    return True


def _code_of(answer: Any) -> str:
    """Of our own problems; of anything else nothing, since it might quote what was sent."""
    try:
        return str(json.loads(answer.text)["code"])
    except (TypeError, ValueError, KeyError):
        return "without a code"
