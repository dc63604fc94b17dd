"""The figures of a server in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).

Imported when somebody asks for metrics, and not before: the library takes a while to load, and an application that
embeds the server may never need it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from cowrite_server import __version__
from cowrite_server.bus.bus import BusFigures
from cowrite_server.figures import BOUNDS, Durations, Figures

CONTENT_TYPE = CONTENT_TYPE_LATEST

_PREFIX = "cowrite_server_"


@dataclass(frozen=True, slots=True)
class Moment:
    """What can be seen of a server at one moment.

    Attributes:
        ready: whether clients are let in and their updates reach the disk.
        rooms: rooms in memory.
        clients: clients in rooms.
        connections: connections, those that have not been let in included.
        queues: bytes in the send queue of each connection.
        unsaved_bytes: bytes that wait for the disk.
        certificate_ends: when the TLS certificate is no longer good, in seconds since 1970; None without TLS.
        bus: of what joins this node with others; None where nothing does.
    """

    ready: bool
    rooms: int
    clients: int
    connections: int
    queues: tuple[int, ...]
    unsaved_bytes: int
    certificate_ends: float | None
    bus: BusFigures | None


class Metrics(Collector):
    """The metrics of one server; they share nothing with those of another in the same process."""

    def __init__(self, figures: Figures, look: Callable[[], Moment]) -> None:
        """Metrics that nobody has asked for.

        Args:
            figures: the server's counts.
            look: gives the server's present state.
        """
        self._figures = figures
        self._look = look
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """All metrics, as CONTENT_TYPE says."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The metrics as the library wants them."""
        figures, moment = self._figures, self._look()
        info = GaugeMetricFamily(f"{_PREFIX}info", "The server's version.", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        for name, words, gauge in (
            ("ready", "Whether clients are let in and their updates reach the disk.", moment.ready),
            ("rooms", "Rooms in memory.", moment.rooms),
            ("clients", "Clients in rooms.", moment.clients),
            ("connections", "Connections, those that have not been let in included.", moment.connections),
            ("send_queue_bytes", "Bytes in all send queues.", sum(moment.queues)),
            ("send_queue_largest_bytes", "Bytes in the longest send queue.", max(moment.queues, default=0)),
            ("unsaved_bytes", "Bytes that wait for the disk.", moment.unsaved_bytes),
        ):
            yield GaugeMetricFamily(f"{_PREFIX}{name}", words, value=gauge)
        if moment.certificate_ends is not None:
            words = "When the TLS certificate is no longer good, in seconds since 1970."
            yield GaugeMetricFamily(f"{_PREFIX}certificate_end_seconds", words, value=moment.certificate_ends)
        if moment.bus is not None:
            words = "Whether other nodes are heard and told what happens."
            yield GaugeMetricFamily(f"{_PREFIX}bus_connected", words, value=moment.bus.connected)
        for name, words, count in (
            *_bus_counts(moment.bus),
            ("updates", "Updates accepted from clients.", figures.updates),
            ("received_bytes", "Bytes read from clients.", figures.received_bytes),
            ("sent_bytes", "Bytes of updates, presence and answers handed to send queues.", figures.sent_bytes),
        ):
            yield CounterMetricFamily(f"{_PREFIX}{name}", words, value=count)
        words = "Connections closed and updates refused by the server."
        yield _by_label("refusals", words, "reason", figures.refusals)
        yield _by_label("pauses", "Clients that were read no further for a while.", "cause", figures.pauses)
        yield _histogram("broadcast_seconds", "From an update's arrival to all send queues.", figures.broadcast)
        yield _histogram("commit_seconds", "From there to the disk.", figures.commit)
        yield _histogram("loop_delay_seconds", "How late the event loop does what it should.", figures.loop_delay)


def _bus_counts(bus: BusFigures | None) -> Iterator[tuple[str, str, int]]:
    if bus is not None:
        yield "bus_reconnects", "How often the bus was connected again.", bus.reconnects
        yield "bus_received_messages", "Messages of other nodes.", bus.received
        yield "bus_sent_messages", "Messages to other nodes.", bus.sent


def _by_label(name: str, words: str, label: str, counts: Mapping[str, int]) -> CounterMetricFamily:
    family = CounterMetricFamily(f"{_PREFIX}{name}", words, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family


def _histogram(name: str, words: str, durations: Durations) -> HistogramMetricFamily:
    buckets: list[tuple[str, float]] = []
    reached = 0
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), durations.counts, strict=True):
        reached += count
        buckets.append((bound, reached))
    return HistogramMetricFamily(f"{_PREFIX}{name}", words, buckets=buckets, sum_value=durations.total)
