"""YAML becomes a Model: loader → validator → layering → analyzer, all problems of a run at once.

Takes: the folder of an app, or its files as texts.
Gives: Compiled: the Model, the warnings, the merged documents with the origin of every part, the texts read.
Rejects when: anything in the metadata is wrong: MetadataError with every diagnostic.
Modules: layers, loader, plugged (plugins and their layers), validator, layering, taking_out (a part, where
  asked for), additions (fields that kinds of plugins bring), analyzer, removals, idle; compiled (their
  order); provenance; ground → upgrade (what an app stands on, and what became of it).
"""

from salesmode.compiler.compiled import Compiled, compile_app, compile_texts
from salesmode.compiler.provenance import explain

__all__ = ["Compiled", "compile_app", "compile_texts", "explain"]
