"""The frozen Model: everything the compiled metadata says, and the only bridge from the compiler to the other
  rooms.

Takes: nothing; it is plain data with names as references (so a cycle of objects costs no recursion).
Gives: App, Object, Field, Inverse, Role, UserData and Model, the condition nodes, and how names are spelled
  in GraphQL.
Rejects when: never; the analyzer builds only models that are right.
Modules: names, label, condition, computed, assignment, field, object, grant, pipeline, tag, role, app,
  engine, published.
"""
