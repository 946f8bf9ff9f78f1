"""What hooks take and give: the values of the plugin API.

Takes: nothing; these are plain values, and protocols of what the engine hands to a plugin.
Gives: metadata kinds with their Reader, batches of writes, the Desk, events, jobs, commands, panels, fields
and
  mutations of the API, decisions of routing, commission, matching and adjudication.
Rejects when: never; whoever calls a hook looks at what it gave.
Modules: kinds (at compile time); desk, writes, events (at run time); jobs, api, shell (what a plugin offers);
  decisions (what plugins ask each other).
"""
