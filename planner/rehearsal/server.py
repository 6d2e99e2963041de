"""Servers on 127.0.0.1: what brings calls from a socket to a stand-in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from planner.rehearsal.exchange import Answer, Call, Kind

Responder = Callable[[Call], Awaitable[Answer]]

_LARGEST_BODY = 1 << 40  # bytes; no limit that a rehearsal meets


@asynccontextmanager
async def serve(respond: Responder, *, port: int = 0) -> AsyncIterator[str]:
    """Serve until the block ends; yield the URL. Port 0 takes a free one."""

    async def answer(request: web.Request) -> web.Response:
        return response(await respond(await called(request)))

    application = web.Application(client_max_size=_LARGEST_BODY)
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def called(request: web.BaseRequest) -> Call:
    """Return a request as a call."""
    names = {name.lower() for name in request.headers}
    return Call(
        method=request.method,
        kind=Kind.OTHER,
        path=request.path,
        query={name: tuple(request.query.getall(name)) for name in request.query},
        headers={name: ", ".join(request.headers.getall(name)) for name in names},
        body=await request.read(),
        origin=f"{request.scheme}://{request.host}",
    )


def response(answer: Answer) -> web.Response:
    """Return an answer as a response."""
    return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
