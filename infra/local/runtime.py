"""Lambda: functions in worker processes under awslambdaric, AWS's own runtime client.

Each worker has its own Runtime API, a small HTTP server from which awslambdaric takes events and to which it
gives back answers. As in Lambda a worker handles one event at a time, is kept for the next one, and is killed
when it exceeds the function's timeout; more of them start while all are busy.
"""

import json
import queue
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Event, Lock, Thread
from typing import Any

from infra.local.clients import CREDENTIALS
from infra.local.processes import Child, Logs, StartError
from infra.local.stack import Function
from infra.local.template import REGION

MAX_PAYLOAD = 6 * 1024 * 1024  # bytes of an event or of an answer, Lambda's limit for synchronous calls
MAX_WORKERS = 4  # at once for each function; Lambda's own limit is a thousand, a laptop's is not
_START_SECONDS = 30  # for a worker to import its function; Lambda gives 10, on a quieter machine
_PREFIX = "/2018-06-01/runtime"


@dataclass(frozen=True)
class Outcome:
    """What became of an invocation: the answer's bytes, or a kind of error and the bytes that tell of it."""

    payload: bytes
    error: str | None = None


class FunctionRuntime:
    """One function with its workers."""

    def __init__(self, function: Function, logs: Logs, endpoint_url: str) -> None:
        self.function = function
        self._logs = logs
        self._environment = _environment(function, endpoint_url)
        self._places = BoundedSemaphore(MAX_WORKERS)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._lock = Lock()
        self._stopped = False

    def warm(self) -> None:
        """Start the first worker and wait until it is ready for events.

        Raises:
            StartError: the function could not be loaded.
        """
        worker = self._take()
        try:
            worker.wait_until_ready()
        except StartError:
            self._discard(worker)
            raise
        self._give_back(worker)

    def invoke(self, event: Mapping[str, Any]) -> Outcome:
        """Call the function and wait for its answer."""
        payload = json.dumps(event).encode()
        if len(payload) > MAX_PAYLOAD:
            return _error("RequestTooLarge", f"{len(payload)} byte event; at most {MAX_PAYLOAD}")
        with self._places:
            if self._stopped:
                return _error("Stopped", "the platform is stopping")
            worker = self._take()
            outcome = worker.invoke(payload)
            if worker.usable:
                self._give_back(worker)
            else:
                self._discard(worker)
        return outcome

    def stop(self) -> None:
        """End all workers, whatever they are doing."""
        with self._lock:
            self._stopped = True
            workers, self._all = self._all, set()
            self._idle.clear()
        for worker in workers:
            worker.child.kill()
        for worker in workers:
            worker.stop()

    def _take(self) -> "_Worker":
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.usable:
                    return worker
                self._all.discard(worker)
                worker.stop()
            worker = _Worker(self.function, self._logs, self._environment)
            self._all.add(worker)
            return worker

    def _give_back(self, worker: "_Worker") -> None:
        with self._lock:
            if not self._stopped:
                self._idle.append(worker)

    def _discard(self, worker: "_Worker") -> None:
        with self._lock:
            self._all.discard(worker)
        worker.stop()


class _Worker:
    """A process under awslambdaric and the Runtime API that it talks to."""

    def __init__(self, function: Function, logs: Logs, environment: Mapping[str, str]) -> None:
        self._function = function
        self._logs = logs
        self._ready = Event()
        self._events: queue.SimpleQueue[tuple[str, bytes, float] | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._failure: Outcome | None = None  # why this worker takes no more events
        self._api = ThreadingHTTPServer(("127.0.0.1", 0), partial(_RuntimeApi, self))
        self._api.daemon_threads = True
        Thread(target=self._api.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        address = f"127.0.0.1:{self._api.server_port}"
        self.child = Child(
            function.logical_id,
            ["awslambdaric", function.handler],
            logs,
            environment={**environment, "AWS_LAMBDA_RUNTIME_API": address},
            folder=function.folder,
            on_exit=self._on_exit,
        )

    @property
    def usable(self) -> bool:
        return self._failure is None and self.child.running

    def wait_until_ready(self) -> None:
        if not self._ready.wait(_START_SECONDS):
            self._failure = _error("Runtime.InitTimeout", f"not ready within {_START_SECONDS} s")
        if self._failure:
            raise StartError(
                f"{self._function.logical_id} ({self._function.handler}): {_words(self._failure)}"
            )

    def invoke(self, payload: bytes) -> Outcome:
        try:
            self.wait_until_ready()
        except StartError:
            return self._failure or _error("Runtime.Unknown", "did not start")
        request_id, timeout = str(uuid.uuid4()), self._function.timeout
        self._events.put((request_id, payload, time.time() + timeout))
        try:
            outcome = self._outcomes.get(timeout=timeout)
        except queue.Empty:
            message = f"{request_id} Task timed out after {timeout:.2f} seconds"
            self._logs.write(self._function.logical_id, message)
            self._failure = _error("Sandbox.Timedout", message)
            self.child.kill()
            return self._failure
        if len(outcome.payload) > MAX_PAYLOAD:
            return _error("Function.ResponseSizeTooLarge", f"{len(outcome.payload)} byte answer")
        return outcome

    def stop(self) -> None:
        self._failure = self._failure or _error("Stopped", "stopped")
        self.child.stop()
        self._events.put(None)  # releases the thread that waits for an event
        self._api.shutdown()
        self._api.server_close()

    # what the Runtime API is told, by its threads

    def next_event(self) -> tuple[str, bytes, float] | None:
        self._ready.set()
        return self._events.get()

    def take_outcome(self, outcome: Outcome) -> None:
        self._outcomes.put(outcome)

    def take_init_error(self, payload: bytes) -> None:
        self._failure = Outcome(payload, "Runtime.InitError")
        self._ready.set()

    def _on_exit(self, code: int) -> None:
        if self._failure is None:
            self._failure = _error("Runtime.ExitError", f"Runtime exited with status {code}")
            self._logs.write(self._function.logical_id, f"Runtime exited with status {code}")
            self._outcomes.put(self._failure)
        self._ready.set()


class _RuntimeApi(BaseHTTPRequestHandler):
    """https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer

    def __init__(self, worker: _Worker, *args: Any) -> None:
        self._worker = worker
        super().__init__(*args)

    def do_GET(self) -> None:
        if self.path != f"{_PREFIX}/invocation/next":
            return self._answer(HTTPStatus.NOT_FOUND)
        event = self._worker.next_event()
        if event is None:
            return self._answer(HTTPStatus.GONE)
        request_id, payload, deadline = event
        return self._answer(
            HTTPStatus.OK,
            payload,
            {
                "Lambda-Runtime-Aws-Request-Id": request_id,
                "Lambda-Runtime-Deadline-Ms": str(int(deadline * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": self._worker._function.arn,
                "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Sampled=0",
            },
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Lambda-Runtime-Function-Error-Type", "Unhandled")
        if self.path == f"{_PREFIX}/init/error":
            self._worker.take_init_error(body)
        elif self.path.endswith("/response"):
            self._worker.take_outcome(Outcome(body))
        elif self.path.endswith("/error"):
            self._worker.take_outcome(Outcome(body, kind))
        else:
            return self._answer(HTTPStatus.NOT_FOUND)
        return self._answer(HTTPStatus.ACCEPTED, b'{"status":"OK"}')

    def _answer(
        self, status: HTTPStatus, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def _error(kind: str, message: str) -> Outcome:
    return Outcome(json.dumps({"errorType": kind, "errorMessage": message}).encode(), kind)


def _words(failure: Outcome) -> str:
    told = json.loads(failure.payload)
    return "\n".join([f"{told['errorType']}: {told['errorMessage']}", *told.get("stackTrace", [])])


def _environment(function: Function, endpoint_url: str) -> dict[str, str]:
    """The template's variables, and those that Lambda itself sets."""
    return {
        **function.environment,
        **CREDENTIALS,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": function.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_REGION": REGION,
        "LAMBDA_TASK_ROOT": str(function.folder),
        "PYTHONPATH": str(function.folder),
        "TZ": ":UTC",
        "_HANDLER": function.handler,
    }
