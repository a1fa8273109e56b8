"""Faults of the network between workers and broker, by a proxy in between."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streams.broker import Listening, LocalBroker
from streams.broker.ports import choose_ports, is_free
from streams.faults.lab import Lab
from streams.faults.proxy import HOST, Proxy, Weather
from streams.faults.registry import fault
from streams.faults.result import Result
from streams.faults.scene import Scene

FIRST_PORT = 30_600
APART = 500


@contextmanager
def _between(lab: Lab, name: str) -> Iterator[tuple[Scene, Proxy]]:
    """A scene whose workers know the broker by the proxy's address only."""
    first = next(port for port in range(FIRST_PORT, FIRST_PORT + APART, 10) if is_free(port) and is_free(port + APART))
    [ports] = choose_ports(first, 1)
    outside = ports.client + APART
    advertised = f"CLIENT://{HOST}:{outside},INTERNAL://{HOST}:{ports.internal}"
    listening = Listening(properties={"advertised.listeners": advertised})
    broker = LocalBroker(lab.directory / name, port=ports.client, listening=listening)
    with Proxy(outside, ports.client) as proxy, broker, lab.scene(name, broker=broker) as scene:
        scene.bootstrap = f"{HOST}:{outside}"
        yield scene, proxy


def _endured(
    lab: Lab, name: str, seconds: float, worsen: Callable[[Proxy], None], *, flow: float = 60.0, promised: float = 15.0
) -> Result:
    """Bad weather for a while under load; flow has to resume after it."""
    with _between(lab, name) as (scene, proxy):
        scene.workers()
        with scene.load():
            time.sleep(3)
            worsen(proxy)
            time.sleep(seconds)
            proxy.weather = Weather()
            scene.wait_flow(scene.mark(), flow)
        return scene.finish(promised=promised, seconds=2 * flow)


def _weather(weather: Weather) -> Callable[[Proxy], None]:
    def worsen(proxy: Proxy) -> None:
        proxy.weather = weather

    return worsen


@fault("network-cut", 5, "nothing gets through between workers and broker for a while")
def network_cut(lab: Lab) -> Result:
    return _endured(lab, "network-cut", lab.size.pick(15, 120), Proxy.cut)


@fault("network-resets", 5, "one in twenty messages between workers and broker breaks its connection", short=False)
def network_resets(lab: Lab) -> Result:
    return _endured(lab, "network-resets", lab.size.pick(10, 60), _weather(Weather(resets=0.05)))


@fault("network-silent", 5, "connections stay open and say nothing, as behind a firewall that forgot them", short=False)
def network_silent(lab: Lab) -> Result:
    silent = _weather(Weather(silent=True))
    return _endured(lab, "network-silent", lab.size.pick(20, 60), silent, flow=120.0, promised=45.0)


@fault("network-slow", 5, "half a second of latency, there and back", short=False)
def network_slow(lab: Lab) -> Result:
    with _between(lab, "network-slow") as (scene, proxy):
        scene.workers()
        with scene.load():
            time.sleep(3)
            proxy.weather = Weather(delay=0.25)
            scene.wait_flow(scene.mark())
            time.sleep(lab.size.pick(15, 60))
            proxy.weather = Weather()
        return scene.finish(promised=15.0)
