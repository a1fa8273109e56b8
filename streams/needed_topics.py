"""Topics that a process which runs beside the workers creates for itself."""

from collections.abc import Iterable, Sequence
from typing import Any

from schemas.topics import Topic
from streams.connection import administered
from streams.settings import Settings
from streams.topics_admin import TopicPlan, create_topics, plan_topics


def create_needed(settings: Settings, needed: Iterable[Topic[Any]], own: Sequence[TopicPlan] = ()) -> None:
    """Create what is missing of the declared topics ``needed`` and of the ``own`` ones; raises `BrokerError`."""
    bootstrap, options = administered(settings)
    names = {settings.named(topic.name) for topic in needed}
    declared = plan_topics(settings.prefix, settings.partitions, settings.replication)
    create_topics(bootstrap, [*own, *(plan for plan in declared if plan.name in names)], **options)
