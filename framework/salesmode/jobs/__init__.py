"""Timed work under leases, and the delivery of committed events; any number of workers at once.

Takes: Tables, a Database, a clock; the environment's secrets of webhooks.
Gives: Worker (`run` until cancelled, `once`), Outbox (what waits, what was given up, replay), Timetable.
Rejects when: never; what fails is told, and tried again: work at its next time, an event ever later, until it
    is given up and can be replayed.
Modules: schedule, leases, work → timetable (what is due, by whom); due, stock, actions (jobs),
    sweeps (the engine's), plugin_work, works (all of them); outbox → post, webhooks, plugin_events →
    delivery; worker.
"""

from salesmode.jobs.outbox import Outbox, Parcel, State
from salesmode.jobs.timetable import Timetable
from salesmode.jobs.worker import DEFAULTS, Settings, Worker, working
from salesmode.jobs.works import works_of

__all__ = ["DEFAULTS", "Outbox", "Parcel", "Settings", "State", "Timetable", "Worker", "working", "works_of"]
