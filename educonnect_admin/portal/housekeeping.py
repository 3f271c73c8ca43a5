"""The portal's own chores, done beside the requests for as long as a process lives."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial

from anyio import to_thread
from starlette.applications import Starlette

from educonnect_admin.edge import Services, clock
from educonnect_admin.parents.tidy_up import tidy_up
from educonnect_admin.portal.seam import where_it_broke

LOG = logging.getLogger("educonnect_admin.portal")
EVERY = 300.0
"""Seconds between two rounds of one process."""


def lifespan_of(
    services: Services, every: float = EVERY
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Return what begins and ends with a process: its chores, and its office at the end."""

    @asynccontextmanager
    async def lifespan(_portal: Starlette) -> AsyncIterator[None]:
        chores = asyncio.create_task(_keep_tidy(services, every))
        try:
            yield
        finally:
            chores.cancel()
            with suppress(asyncio.CancelledError):
                await chores
            services.close()

    return lifespan


async def _keep_tidy(services: Services, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            await to_thread.run_sync(partial(tidy_up, services.transaction, services.lock, clock()))
        except Exception as error:
            # The next round will do it: no rule depends on this one.
            LOG.error("housekeeping: %s", where_it_broke(error))  # noqa: TRY400 - no traceback (R-66)
