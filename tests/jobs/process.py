"""A worker in a process of its own: `python -m tests.jobs.process URL NOW [SQL TIMES]` does what is due at
that moment and prints how much it was. It is killed when it begins to say that SQL for the so-manieth time.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime

from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.jobs import Settings, Worker
from salesmode.tables import tables_of
from tests.jobs.crm import CUSTOMER, DEAL

REMIND = """
kind: job
name: remind
schedule: "0 8 * * *"
on: {object: customer}
do: {create: {object: task, values: {subject: Call, customer: $record.id}}}
once: {in: day}
"""
HOOK = """
kind: webhook
name: erp
url: {env: ERP_URL}
secret: {env: ERP_SECRET}
on: {object: customer}
fields: [name]
"""
MODEL = compile_texts(
    {"app.yaml": "\n---\n".join(("kind: app\nname: small", CUSTOMER, DEAL, REMIND, HOOK))}
).model


async def main(url: str, now: str, sql: str = "", times: str = "0") -> None:
    database = await connect(url)
    left = int(times)

    def heard(said: str) -> None:
        nonlocal left
        if sql and said.startswith(sql):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    database.listeners.append(heard)
    moment = datetime.fromisoformat(now)
    settings = Settings(private=True, clock=lambda: moment, chance=lambda: 0.5)
    worker = Worker(tables_of(MODEL, database.dialect), database, settings)
    print(await worker.once())
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
