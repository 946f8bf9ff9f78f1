"""A server of customers in a process of its own that kills itself at the first statement with some text.

`python -m tests.server.dying URL TEXT` prints its port.
"""

import asyncio
import os
import signal
import socket
import sys

import uvicorn

from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.server.application import application
from tests.server.office import SECRET

CRM = """
kind: app
name: crm
locales: [en]
currency: CNY
timezone: Asia/Shanghai
country: CN
---
kind: object
name: customer
fields:
  name: {type: text, required: true, unique: true}
---
kind: object
name: contact
fields:
  name: {type: text, required: true}
  customer: {type: reference, to: customer, inverse: contacts}
"""
MODEL = compile_texts({"crm.yaml": CRM}).model


async def serve(url: str, text: str) -> None:
    """Serve until that happens."""
    database = await connect(url)

    def hear(sql: str) -> None:
        if text in sql:
            os.kill(os.getpid(), signal.SIGKILL)

    database.listeners.append(hear)
    app = application(MODEL, database, secret=SECRET)
    with socket.create_server(("127.0.0.1", 0)) as at:
        print(at.getsockname()[1], flush=True)
        await uvicorn.Server(uvicorn.Config(app, log_level="error")).serve(sockets=[at])


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
