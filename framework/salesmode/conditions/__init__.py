"""The one condition language: YAML becomes typed nodes, nodes become SQL that only the database evaluates.

Takes: plain YAML values with the objects they speak of; or conditions with a Source and a Scope.
Gives: parse_condition, parse_value; compile_condition, as_boolean; Source, Readable and the protocol Scope.
Rejects when: a condition names what is not there or compares what does not fit (reported, all at once).
Modules: parse, values, tags (YAML → nodes); scope, use, columns, compile, atoms, lists, tree, stages,
  nulls (nodes → SQL); formulas, rollups, computed (fields without a column → SQL); spell (nodes → a line
  for people).
"""
