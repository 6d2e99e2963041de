"""Connections inside a process."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from planner.rehearsal.link import End, linked
from planner.rehearsal.simulated_time import SimulatedLoop

DELAY = 0.25  # seconds
PLACE = ("registry.localhost", 80)


class Ear(asyncio.Protocol):
    """Hears everything, and when."""

    def __init__(self) -> None:
        self.heard: list[tuple[float, bytes]] = []
        self.lost: list[Exception | None] = []
        self.paused: list[bool] = []

    def data_received(self, data: bytes) -> None:
        self.heard.append((asyncio.get_running_loop().time(), data))

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.append(exc)

    def pause_writing(self) -> None:
        self.paused.append(True)

    def resume_writing(self) -> None:
        self.paused.append(False)

    @property
    def text(self) -> bytes:
        return b"".join(data for _, data in self.heard)


def played(script: Callable[[End, End], None], rest: float = 10.0) -> tuple[Ear, Ear]:
    """Let a script do something to both ends, and return what both sides heard."""
    client, server = Ear(), Ear()

    async def whole() -> None:
        script(*linked(client, server, PLACE, DELAY))
        await asyncio.sleep(rest)

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        runner.run(whole())
    return client, server


def test_what_is_written_comes_to_the_other_end_after_the_delay():
    _, server = played(lambda client, _: client.write(b"GET"))
    assert server.heard == [(DELAY, b"GET")]


@given(st.lists(st.binary(min_size=1, max_size=9), max_size=40))
def test_pieces_keep_their_order_though_they_come_at_one_moment(pieces):
    def script(client: End, _: End) -> None:
        for piece in pieces:
            client.write(piece)

    _, server = played(script)
    assert server.text == b"".join(pieces)


def test_what_was_written_before_the_end_is_still_read():
    def script(client: End, _: End) -> None:
        client.write(b"last words")
        client.close()

    client, server = played(script)
    assert (server.text, server.lost, client.lost) == (b"last words", [None], [None])


def test_nothing_is_taken_while_reading_is_paused():
    def script(client: End, server: End) -> None:
        server.pause_reading()
        client.write(b"wait")
        client.close()
        asyncio.get_running_loop().call_later(5, server.resume_reading)

    _, server = played(script)
    assert (server.heard, server.lost) == ([(5.0, b"wait")], [None])


def test_a_writer_is_asked_to_pause_while_much_is_not_taken():
    def script(client: End, server: End) -> None:
        server.pause_reading()
        client.write(bytes(300 << 10))
        asyncio.get_running_loop().call_later(5, server.resume_reading)

    client, _ = played(script)
    assert client.paused == [True, False]


def test_a_cut_loses_what_is_on_the_way_and_tells_both_ends():
    def script(client: End, _: End) -> None:
        client.write(b"never")
        client.cut()
        client.write(b"nor this")

    client, server = played(script)
    assert server.heard == []
    assert [type(error) for side in (client, server) for error in side.lost] == [ConnectionResetError] * 2


def test_times_of_one_connection_only_go_forward():
    def script(client: End, _: End) -> None:
        for place in range(5):
            asyncio.get_running_loop().call_later(place / 3, client.write, b"x")

    _, server = played(script)
    assert len(server.heard) == 5
    assert all(first[0] <= second[0] for first, second in pairwise(server.heard))
