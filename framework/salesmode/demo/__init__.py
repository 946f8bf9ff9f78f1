"""Demo data: a description in YAML becomes records like a company's, in any size and always the same.

Takes: documents of kind `demo` (DESIGN §2), a Model, a size, a seed and a moment; to load, a Database.
Gives: `describe` (a checked Demo), `generate` (records by object), `load` (into the tables), `loading_bar`.
Rejects when: a description names what is not there, runs in a circle, or draws what a field refuses.
Modules: recipes, population, names, order, description; world, values, identity, stays, generation;
  loading; bar.
"""
