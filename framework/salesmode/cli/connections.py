"""Connections of a server that is going to stop, while others on the same port go on."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_ON_ITS_WAY = 1.0  # seconds that a first request may take to come


class Connection(HttpToolsProtocol):
    """A new connection is not closed before its first request: a client would see that as a failure, since no
    request was ever answered on it. It is answered, and then the connection ends.
    """

    _stopping = False
    cycle: Any  # the last request; None before the first one

    def shutdown(self) -> None:
        """The server stops."""
        if self.cycle is None and not self._stopping:
            self._stopping = True
            self.loop.call_later(_ON_ITS_WAY, self.shutdown)
        else:
            super().shutdown()

    def on_headers_complete(self) -> None:
        """A request has come, but for its body."""
        super().on_headers_complete()
        if self._stopping and self.cycle is not None:
            self.cycle.keep_alive = False
