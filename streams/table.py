"""The table of stages, built from settings. A stage's code and data are loaded when it is asked for."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from schemas import topics
from streams.pipeline import stages_of
from streams.settings import Settings
from streams.stage import Step

READS: Mapping[str, topics.Topic[Any]] = {
    "clean": topics.RAW, "tag": topics.CLEAN, "dedupe": topics.TAGGED, "alert": topics.ENRICHED,
}  # fmt: skip
"""What each stage reads."""
MEMORIES: Mapping[str, topics.Topic[Any]] = {name: READS[name] for name in ("dedupe", "alert")}
"""Stages with memory, and the topic by whose partitions it is kept."""


def groups_of(layout: str) -> dict[str, topics.Topic[Any]]:
    """The consumer groups of a pipeline such as ``clean+tag | dedupe | alert``, without prefix, and what each reads."""
    return {"-".join(names): READS[names[0]] for names in stages_of(layout, READS)}


def unused_topics(layout: str) -> tuple[topics.Topic[Any], ...]:
    """The topics that a pipeline passes over: between stages that are composed nothing is written."""
    hops = stages_of(layout, READS)
    return () if any(hop[0] == "tag" or hop[-1] == "clean" for hop in hops) else (topics.CLEAN,)


class Stages(Mapping[str, Step[Any]]):
    """Stage name to row, each made on first use."""

    def __init__(self, makers: Mapping[str, Callable[[], Step[Any]]]) -> None:
        self._makers = makers
        self._made: dict[str, Step[Any]] = {}

    def __getitem__(self, name: str) -> Step[Any]:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __len__(self) -> int:
        return len(self._makers)


def build_table(settings: Settings, rules: Callable[[], Any], silences: Callable[[], Any] = tuple) -> Stages:
    """Every stage there is. ``rules`` and ``silences`` give those in force, when they are asked."""
    return Stages(
        {
            "clean": _clean,
            "tag": lambda: _tag(settings),
            "dedupe": lambda: _dedupe(settings),
            "alert": lambda: _alert(rules, silences),
        }
    )


def _clean() -> Step[Any]:
    from streams.stages.clean import clean, is_heavy, overload_clean

    return Step(
        "clean", reads=READS["clean"], run=clean, heavy=is_heavy, overload=overload_clean, writes=(topics.CLEAN,)
    )


def _tag(settings: Settings) -> Step[Any]:
    from streams.stages.sketch import Sketched
    from streams.tables import FollowedTag

    tag = FollowedTag(settings.entities, settings.cache)
    stage = Sketched(tag, tag.run_many)
    return Step(
        "tag", reads=READS["tag"], run=stage, run_many=stage.run_many, writes=(topics.TAGGED,), refresh=tag.refresh
    )


def _dedupe(settings: Settings) -> Step[Any]:
    from streams.stages.dedupe import DedupeMemory

    def memory() -> DedupeMemory:
        return DedupeMemory(int(settings.window_hours * 3600), settings.window_articles)

    return Step("dedupe", reads=READS["dedupe"], memory=memory, writes=(topics.ENRICHED, topics.STORIES))


def _alert(rules: Callable[[], Any], silences: Callable[[], Any]) -> Step[Any]:
    from streams.stages.alert import AlertMemory

    def memory() -> AlertMemory:
        return AlertMemory(rules, silences)

    return Step("alert", reads=READS["alert"], memory=memory, writes=(topics.ALERTS,))
