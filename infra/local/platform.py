"""The whole platform on this machine: moto, the sandbox registries, the functions, the gateway and the queue.

    with LocalPlatform.start() as platform:
        urlopen(platform.site_url)

What it makes comes from template.yaml alone. It needs neither Docker nor an account, and leaves nothing
behind.
"""

import errno
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from infra.local.clients import ClientFactory
from infra.local.gateway import Gateway, GatewayServer
from infra.local.processes import Child, Logs, StartError
from infra.local.queue import QueueFeed, Scheduler
from infra.local.runtime import FunctionRuntime, Outcome
from infra.local.stack import Stack

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "template.yaml"
_START_SECONDS = 30


@dataclass(frozen=True)
class _Registry:
    """How the sandbox serves one registry, and how the template takes its address and names its API key."""

    path: str
    parameter: str
    secret: str
    key_variable: str


_REGISTRIES = (
    _Registry("/reniec", "ReniecUrl", "ReniecApiKey", "RENIEC_API_KEY"),
    _Registry("/migraciones", "MigracionesUrl", "MigracionesApiKey", "MIGRACIONES_API_KEY"),
    _Registry("/siagie", "SiagieUrl", "SiagieApiKey", "SIAGIE_API_KEY"),
)


class PortTakenError(StartError):
    """A port that was asked for is taken; names it."""


class LocalPlatform:
    """A running platform; `stop` or the end of a `with` block ends it."""

    stack: Stack
    site_url: str
    outbox_url: str
    endpoint_url: str
    registries_url: str | None
    demo_root: Path | None
    """The certificate that whoever trusts local seals trusts."""
    log_folder: Path

    def __init__(self, log_folder: Path | None, *, verbose: bool) -> None:
        self.registries_url = None
        self.demo_root = None
        self._ending = ExitStack()
        self.log_folder = log_folder or Path(
            self._ending.enter_context(TemporaryDirectory(prefix="constancia-", ignore_cleanup_errors=True))
        )
        self._logs = Logs(self.log_folder, verbose=verbose)
        self._functions: dict[str, FunctionRuntime] = {}
        self._client: ClientFactory

    @classmethod
    def start(
        cls,
        *,
        site_port: int = 0,
        outbox_port: int = 0,
        parameters: Mapping[str, Any] | None = None,
        template: Path = TEMPLATE,
        log_folder: Path | None = None,
        verbose: bool = False,
    ) -> Self:
        """Start everything and wait until it is ready. Port 0 takes a free one.

        Template parameters that are not given have their defaults, but for PublicBaseUrl and the addresses of
        the registries, which lead to this platform. Logs go to `log_folder`, one file for each function and
        server, or to a temporary folder that goes with the platform.

        Raises:
            PortTakenError: a port that was asked for is taken.
            StartError: a part did not start, or the demo root can't be used.
            TemplateError: the template holds what the platform does not understand.
        """
        for port in (site_port, outbox_port):  # before the logs of the last run go
            free_port(port)
        platform = cls(log_folder, verbose=verbose)
        try:
            platform._start(site_port, outbox_port, dict(parameters or {}), template)
        except BaseException:
            platform.stop()
            raise
        return platform

    def stop(self) -> None:
        """End everything that was started."""
        self._ending.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def client(self, service: str) -> Any:
        """The boto3 client of a service of this platform's AWS."""
        return self._client(service)

    def invoke(self, function: str, event: Mapping[str, Any]) -> Outcome:
        """Call a function, by its name in the template."""
        return self._functions[function].invoke(event)

    def _start(self, site_port: int, outbox_port: int, parameters: dict[str, Any], template: Path) -> None:
        aws = self._child(Child("aws", ["infra.local.aws", f"--outbox-port={outbox_port}"], self._logs))
        try:
            site = GatewayServer(site_port)
        except OSError as error:
            raise _port_error(site_port, error) from None
        self._ending.callback(site.stop)
        self.site_url = site.url

        # These imports take a second, in which moto starts in its own process.
        from infra.local.clients import client_factory  # noqa: PLC0415
        from infra.local.provision import provision  # noqa: PLC0415
        from infra.local.template import read_template  # noqa: PLC0415

        port = free_port()
        addresses = {
            registry.parameter: f"http://127.0.0.1:{port}{registry.path}" for registry in _REGISTRIES
        }
        expanded = read_template(template, parameters, {"PublicBaseUrl": site.url, **addresses})
        self.endpoint_url, self.outbox_url = aws.addresses(_START_SECONDS)
        self._client = client_factory(self.endpoint_url)
        self.stack = provision(expanded, self._client)
        if "SealKey" in expanded.resources:
            self._seal()

        self._leave_word()

        registries = self._start_registries(port)
        self._start_functions()
        if registries:
            (self.registries_url,) = registries.addresses(_START_SECONDS)
        self._feed_functions()
        access_log = partial(self._logs.write, "access")
        site.start(Gateway(self.stack.api, self.invoke, access_log))

    def _child(self, child: Child) -> Child:
        self._ending.callback(child.stop)
        return child

    def _seal(self) -> None:
        """Give the sealing key a chain of the checkout's demo root, if the stack is a demonstration."""
        from infra.seal.demo_ca import (  # noqa: PLC0415 - as the imports above
            CERTIFICATE,
            FOLDER,
            DemoRoot,
            DemoRootError,
        )
        from infra.seal.stack import SealedStack  # noqa: PLC0415

        sealed = SealedStack.of(self.stack, self._client)
        if sealed.demo:
            try:
                sealed.install(DemoRoot.kept().issue(sealed.public_key(), datetime.now(UTC)))
                self.demo_root = FOLDER / CERTIFICATE
            except DemoRootError as error:
                raise StartError(str(error)) from None

    def _leave_word(self) -> None:
        """Say what the stack is for `constancia ops --local`, while it is there."""
        from infra.ops.stage import LOCAL, left_by  # noqa: PLC0415 - as the imports above

        word = self.log_folder / LOCAL
        word.write_text(left_by(self.stack, self.endpoint_url), "utf-8")
        self._ending.callback(word.unlink, missing_ok=True)

    def _start_registries(self, port: int) -> Child | None:
        """The sandbox, with the API keys that the functions read; none where the template has none."""
        registries = [
            registry for registry in _REGISTRIES if registry.secret in self.stack.template.resources
        ]
        if not registries:
            return None
        keys = {
            registry.key_variable: self.client("secretsmanager").get_secret_value(
                SecretId=self.stack.ref(registry.secret)
            )["SecretString"]
            for registry in registries
        }
        return self._child(
            Child("registries", ["infra.registries.sandbox", f"--port={port}"], self._logs, environment=keys)
        )

    def _start_functions(self) -> None:
        for function in self.stack.functions:
            runtime = FunctionRuntime(function, self._logs, self.endpoint_url)
            self._functions[function.logical_id] = runtime
            self._ending.callback(runtime.stop)
        # not `with`, which would wait for all after a Ctrl-C
        executor = ThreadPoolExecutor(len(self._functions) or 1)
        try:
            for started in [executor.submit(runtime.warm) for runtime in self._functions.values()]:
                started.result()
        finally:
            executor.shutdown(wait=False, cancel_futures=True)

    def _feed_functions(self) -> None:
        feeds: list[QueueFeed | Scheduler] = [Scheduler(self.stack.schedules, self.invoke)]
        feeds += [QueueFeed(source, self._client, self.invoke) for source in self.stack.queue_sources]
        for feed in feeds:
            self._ending.callback(feed.stop)
            feed.start()


def free_port(wanted: int = 0) -> int:
    """A port that nobody listens on: the wanted one, or any."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError as error:
            raise _port_error(wanted, error) from None
        return int(probe.getsockname()[1])


def _port_error(port: int, error: OSError) -> StartError:
    if error.errno == errno.EADDRINUSE:
        return PortTakenError(f"port {port} is taken")
    return StartError(f"port {port}: {error.strerror}")
