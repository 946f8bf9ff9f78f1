"""Desks: what plugins do inside a unit of work, and how their code is called.

Takes: a scope and the values of the request; what a plugin asks of its desk.
Gives: desk_of, a Desk; called, a plugin's function as part of a unit.
Rejects when: a plugin raises, hangs or answers nonsense: INTERNAL with its name; a name that is not there is
    a ValueError in the plugin.
Modules: wheres, lifting (conditions as structure and values); columns, reading, totals (statements, kept by
    structure); calling (a plugin's code, step by step); desk.
"""
