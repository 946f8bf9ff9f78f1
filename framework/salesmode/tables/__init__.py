"""The Model's tables, and how a database that has other ones is brought to them.

Takes: Model, the dialect; for migrations also a Database.
Gives: `tables_of` (SQLAlchemy tables by object, constraints mapped back to the model); in `migrations`
    plan, apply and undo.
Rejects when: rows contradict the new metadata (with their count and the fix), or data would be lost
    unasked.
Modules: names, literals, columns, shape, engine, indexes, rollups, describe (Model → shape), schema (shape
    → SQLAlchemy), tables; migrations.
"""

from salesmode.tables.tables import Tables, tables_of

__all__ = ["Tables", "tables_of"]
