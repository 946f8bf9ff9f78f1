"""The write path: units of work that check, write and remember, for one row as for a thousand.

Takes: a scope (the caller's, or the system's), values by field name, and the values of the request.
Gives: create, update, update_where, move, upsert, delete, restore, grant, revoke, tag, untag, promote,
    transfer_ownership, absorb, release, unmask, take_snapshot, load_user_data, reassign, sweep, expire:
    generators that a `Database` runs in one transaction; they give the ids of the records.
Rejects when: RULING 11: the shape of the input (all at once), then rights and rules (all at once), then
    what a constraint of the database says; a Refusal, and nothing is written.
Modules: subject; nested, shape, filling (input → rows); references, locking, aiming (locks, and rights to
    old rows); creation, alteration, removal (what is composed once); new, altering, create, update, move,
    upsert, delete, restore (the order of a write); stages, passing (what pipelines ask); arriving, stays,
    tasks, converting, carrying (what follows from a move); attaching: granting, tagging, promoting; transfer;
    absorbing; snapshots; disclosure (exports and unmaskings, logged); atoms, rights, rules, checks,
    judging (what must hold); choosing, reassign (references that rules choose); belonging: keeping
    (stored rollups), automatic (tags kept by rule), expiring; pages (sweeps, page by page); followers
    (on_delete); numbering, entries, history; listening, announcing, paths (the outbox); hooking, given
    (what plugins do in a write), desks, verbs (what they do at a desk); binding, lists, problems
    (statements and refusals).
"""

from salesmode.records.absorbing import absorb, release
from salesmode.records.automatic import sweep
from salesmode.records.create import create
from salesmode.records.delete import delete
from salesmode.records.disclosure import unmask
from salesmode.records.expiring import expire
from salesmode.records.granting import grant, revoke
from salesmode.records.move import move
from salesmode.records.promoting import promote
from salesmode.records.reassign import reassign
from salesmode.records.restore import restore
from salesmode.records.snapshots import take_snapshot
from salesmode.records.tagging import tag, untag
from salesmode.records.transfer import transfer_ownership
from salesmode.records.update import update, update_where
from salesmode.records.upsert import upsert
from salesmode.records.user_data import load_user_data

__all__ = [
    "absorb",
    "create",
    "delete",
    "expire",
    "grant",
    "load_user_data",
    "move",
    "promote",
    "reassign",
    "release",
    "restore",
    "revoke",
    "sweep",
    "tag",
    "take_snapshot",
    "transfer_ownership",
    "unmask",
    "untag",
    "update",
    "update_where",
    "upsert",
]
