"""Several processes on one socket, watched by uvicorn's supervisor: one that dies is started again.

The parent looks after changed metadata; when it may be served, the workers are replaced one after the other,
each when its successor answers.
"""

import asyncio
import os
import signal
import socket
import threading
from pathlib import Path

from uvicorn.supervisors import Multiprocess

from salesmode.cli.project import opened
from salesmode.cli.reloading import changed_models
from salesmode.cli.serving import config_of
from salesmode.server.served import Served


def serve_by_workers(served: Served, folder: Path, at: socket.socket, workers: int) -> None:
    """Answer requests until a signal says stop."""
    supervisor = Multiprocess(config_of(served, workers=workers), sockets=[at])
    watching = threading.Thread(target=_watch, args=(served, folder), daemon=True)
    watching.start()
    supervisor.run()


def _watch(served: Served, folder: Path) -> None:
    asyncio.run(_reload(served, folder))


async def _reload(served: Served, folder: Path) -> None:
    """A worker is started with the model that `served` has then, so it never meets what is being edited."""
    async with opened(served.url) as database:
        async for each in changed_models(folder, served.model, lambda: database):
            served.model = each
            os.kill(os.getpid(), signal.SIGHUP)
