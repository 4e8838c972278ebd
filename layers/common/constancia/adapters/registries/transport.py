"""Connections that end in time, whatever the other side does.

A socket's timeout begins anew with every byte, so a server that drips bytes (in the TLS handshake, the
header, the lengths of chunks) is never too slow for it. Here each exchange has a watch that shuts the
connection down when the time is over; whatever was being read then ends.
"""

import os
import socket
import threading
from types import TracebackType
from typing import Final, Self

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse

_present: Final = threading.local()


class Watch:
    """Bounds all that its thread does over connections of `new_pool` while the context lasts.

    What it can't end is the look-up of a name; whoever waits for an exchange has a bound of its own.
    """

    def __init__(self, seconds: float) -> None:
        """The time begins with the context."""
        self.over = False
        self._held: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        """Begin."""
        _present.watch = self
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End, and leave the connection to the pool unless its time was over."""
        self._timer.cancel()
        _present.watch = None
        self._hold(None)

    def hold(self, connection: socket.socket) -> None:
        """Watch this connection: its descriptor is copied, because TLS takes the socket away."""
        self._hold(socket.socket(fileno=os.dup(connection.fileno())))

    def _hold(self, held: socket.socket | None) -> None:
        with self._lock:
            before, self._held = self._held, held
            if before is not None:
                before.close()
            if self.over:
                self._shut_down()

    def _end(self) -> None:
        with self._lock:
            self.over = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._held is not None:
            try:
                self._held.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended already


def new_pool() -> urllib3.PoolManager:
    """Make a pool whose connections stand under the watch of the thread that uses them."""
    pool = urllib3.PoolManager(maxsize=4, retries=False)
    pool.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return pool


def _watch(connection: socket.socket) -> None:
    watch: Watch | None = getattr(_present, "watch", None)
    if watch is not None:
        watch.hold(connection)


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        _watch(connection)
        return connection

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3's own
        _watch(self.sock)  # it may be an earlier one, used again
        return super().getresponse()


class _TlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        _watch(connection)
        return connection

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3's own
        _watch(self.sock)
        return super().getresponse()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection
