"""One send to a sink: whatever goes wrong in it is a failure with a name, and ends nothing else."""

import asyncio
from collections.abc import Sequence

from streams.errors import ConfigurationError
from streams.sinks.sink import DeliveryFailed, Notice, Sink


async def failure_of(sink: Sink, notices: Sequence[Notice], seconds: float) -> DeliveryFailed | None:
    """Send ``notices`` together within ``seconds``; what went wrong, None if nothing did.

    A fault of the sink's own is a failure, too. Raises BrokenPipeError: nobody reads our standard output any more.
    """
    try:
        async with asyncio.timeout(seconds):
            await sink.send(notices)
    except DeliveryFailed as failure:
        return failure
    except BrokenPipeError:
        raise
    except TimeoutError:
        return DeliveryFailed(f"no answer within {seconds:g} s")
    except ConfigurationError as error:
        return DeliveryFailed(str(error))
    except Exception as error:
        return DeliveryFailed(f"the sink failed: {type(error).__name__}")
    return None
