"""The `salesmode` command.

Takes: arguments, and environment variables: SALESMODE_DATABASE, SALESMODE_SECRET, those of `serve --help`.
Gives: what was asked for on standard output, all else on standard error; exit 0 fine, 1 the metadata or
    data is at fault, 2 wrong usage.
Rejects when: an argument is wrong, or a room below says no; never with a traceback.
Modules: commands (which there are) → group (loads the one that is called; plugged: those of plugins) → one
    module per command, named for it. They share faults, memory, metadata, options, presets, project, secret,
    serving, terminal, user_roles; demo_data, demo_greeting and demo_place are parts of demo, scaffold, guide,
    guide_questions and guide_switches of new, api_keys of token, engine_types of schema; connections,
    reloading, settings and workers of serve, worker_lists of worker.
"""

from salesmode.cli.group import main

__all__ = ["main"]
