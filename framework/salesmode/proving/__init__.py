"""Proving that no answer depends on what a role may not read (RULING 24), for any app.

Takes: a Model, an empty database, roles, a seed.
Gives: a verdict per role over all probes (object × field × channel): two worlds that differ only in what the
  role may not read are asked the same, and the answers are held against a naive reading of the roles.
Rejects when: never; a leak is a finding, with its request and both answers.
Modules: values, world, sight, eye, twin, probe, site; reading, naming, writing, moving,
  opportunities, analyses, saved, taking, plugged → channels; asking → matrix.
"""
