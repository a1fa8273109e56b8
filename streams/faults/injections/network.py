"""Faults of the network between workers and broker, by a proxy in between."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from streams.broker import Listening, LocalBroker
from streams.broker.ports import choose_ports
from streams.faults.lab import Lab, Result, Scene
from streams.faults.proxy import HOST, Proxy, Weather
from streams.faults.registry import fault

FIRST_PORT = 30_600
APART = 500


@contextmanager
def _between(lab: Lab, name: str) -> Iterator[tuple[Scene, Proxy]]:
    """A scene whose workers know the broker by the proxy's address only."""
    [ports] = choose_ports(FIRST_PORT, 1)
    outside = ports.client + APART
    advertised = f"CLIENT://{HOST}:{outside},INTERNAL://{HOST}:{ports.internal}"
    listening = Listening(properties={"advertised.listeners": advertised})
    broker = LocalBroker(lab.directory / name, port=ports.client, listening=listening)
    with Proxy(outside, ports.client) as proxy, broker, lab.scene(name, broker=broker) as scene:
        scene.bootstrap = f"{HOST}:{outside}"
        yield scene, proxy


@fault("network-cut", 5, "nothing gets through between workers and broker for a while")
def network_cut(lab: Lab) -> Result:
    with _between(lab, "network-cut") as (scene, proxy):
        scene.workers()
        with scene.load():
            time.sleep(3)
            proxy.cut()
            time.sleep(lab.size.pick(15, 120))
            proxy.weather = Weather()
            scene.wait_flow(scene.mark())
        return scene.finish(promised=15.0)


@fault("network-slow", 5, "half a second of latency in each direction", short=False)
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


@fault("network-resets", 5, "one in twenty messages between workers and broker breaks its connection", short=False)
def network_resets(lab: Lab) -> Result:
    with _between(lab, "network-resets") as (scene, proxy):
        scene.workers()
        with scene.load():
            time.sleep(3)
            proxy.weather = Weather(resets=0.05)
            time.sleep(lab.size.pick(10, 60))
            proxy.weather = Weather()
            scene.wait_flow(scene.mark())
        return scene.finish(promised=15.0)


@fault("network-silent", 5, "connections stay open and say nothing, as behind a firewall that forgot them", short=False)
def network_silent(lab: Lab) -> Result:
    with _between(lab, "network-silent") as (scene, proxy):
        scene.workers()
        with scene.load():
            time.sleep(3)
            proxy.weather = Weather(silent=True)
            time.sleep(lab.size.pick(20, 60))
            proxy.weather = Weather()
            scene.wait_flow(scene.mark(), 120)
        return scene.finish(promised=45.0, seconds=240)
