"""Fetching for strangers: only what stands at a public address, however a name or a redirect leads there."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

import httpx

_PORTS = {"http": 80, "https": 443}
_MOST_ANSWERS = 32
_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))
"""IPv6 addresses behind which an IPv4 address stands, which a gateway may reach."""


class PublicTransport(httpx.AsyncBaseTransport):
    """Carries each request, redirects too, to an address that it has resolved and found public itself.

    The connection goes to that very address, so that a name cannot lead elsewhere the second time it is resolved.
    Raises `httpx.ConnectError` for anything else: another port, a private, local or reserved address among the answers.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport | None = None) -> None:
        # Each request has a connection of its own: one to the same address may have shown another site's certificate.
        self._inner = inner or httpx.AsyncHTTPTransport(
            trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme not in _PORTS or url.port not in (None, _PORTS[url.scheme]) or url.userinfo:
            raise httpx.ConnectError("only plain http(s) addresses without a port or password are fetched")
        address = await public_address(url.host, _PORTS[url.scheme])
        # The header `Host`, which names the site, was set from the address as it was given.
        pinned = httpx.Request(
            request.method,
            url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return await self._inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        await self._inner.aclose()


async def public_address(host: str, port: int) -> str:
    """An address to which a host's name resolves; raises `httpx.ConnectError` unless all of them are public."""
    loop = asyncio.get_running_loop()
    try:
        answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError("its name is not known") from error
    found = [str(answer[4][0]) for answer in answers[:_MOST_ANSWERS]]
    if not found or not all(map(is_public, found)):
        raise httpx.ConnectError("not a public address")
    return found[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet.

    >>> [is_public(one) for one in ("9.9.9.9", "10.0.0.1", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "::1")]
    [True, False, False, False, False, False]
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if ip.scope_id or ip.is_site_local or any(ip in network for network in _TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified
