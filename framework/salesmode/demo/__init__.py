"""Demo data: a description in YAML becomes records like a company's, in any size and always the same.

Takes: documents of kind `demo` (DESIGN §2), a Model, a size, a seed, a moment and a language; a Database.
Gives: `describe` (a checked Demo), `generate` (records by object), `load` (into the tables), `carry_out` (the
  steps that people would do), `loading_bar`.
Rejects when: a description names what is not there, runs in a circle, or draws what a field refuses; or a
  step is refused, and then nothing stays loaded.
Modules: recipes, each, population, names, order, steps, description; world, values, identity, stays,
  generation; loading, doing; bar.
"""
