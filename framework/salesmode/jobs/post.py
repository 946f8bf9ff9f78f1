"""One POST to an address that was looked at before: no redirects, and nothing inside the own network unless
allowed. The name is resolved once, and the connection goes to the address that was looked at.
"""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


class Unsent(Exception):
    """Why nothing was delivered, in words for who runs the server."""


def no_answer(within: float) -> Unsent:
    """It took too long."""
    return Unsent(f"no answer within {within:g} seconds")


class Post:
    """One request, sent by one thread; another one may stop it."""

    def __init__(self, url: str, body: bytes, headers: Mapping[str, str], *, private: bool) -> None:
        self._url = urlsplit(url)
        self._body = body
        self._headers = {"Host": self._url.netloc.rpartition("@")[2], **headers}
        self._private = private
        self._connection: HTTPConnection | None = None
        self._stopped = False

    def send(self, within: float) -> None:
        """Send it and wait for the answer; Unsent unless that is a success."""
        try:
            status = self._status(within)
        except TimeoutError as error:
            raise no_answer(within) from error
        except (OSError, HTTPException, ValueError) as error:
            raise Unsent(
                f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            ) from error
        if not 200 <= status < 300:
            raise Unsent(f"answered with the status {status}")

    def stop(self) -> None:
        """Wait no longer."""
        self._stopped = True
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _status(self, within: float) -> int:
        if self._url.scheme not in _PORTS or not self._url.hostname:
            raise Unsent("it is no address of the web")
        host, port = self._url.hostname, self._url.port or _PORTS[self._url.scheme]
        self._connection = connection = HTTPConnection(host, port, timeout=within)
        try:
            connection.sock = self._connected(host, port, within)
            if self._stopped:
                raise Unsent("it was stopped")
            target = self._url._replace(scheme="", netloc="", fragment="").geturl()
            connection.request("POST", target or "/", self._body, self._headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def _connected(self, host: str, port: int, within: float) -> socket.socket:
        found = socket.create_connection((self._address(host, port), port), within)
        if self._url.scheme == "http":
            return found
        try:
            return ssl.create_default_context().wrap_socket(found, server_hostname=host)
        except BaseException:
            found.close()
            raise

    def _address(self, host: str, port: int) -> str:
        """The first address of the host; Unsent where any of them is one of an own network."""
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not self._private and not all(map(_public, found)):
            raise Unsent(f"{host} is no public address")
        return found[0]


def _public(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not (mapped or found).is_multicast
