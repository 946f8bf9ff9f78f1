"""The layers of an app become one set of documents.

Takes: the layers from the bottom to the top, their documents valid by their schemas.
Gives: Layered: documents merged by kind and name, where each part came from, and what it overrode.
Rejects when: a layer says the same thing twice, or an overlay changes a field's type (SM4xx).
Modules: stack (by kind and name), merge (two documents), items (lists of named items), layered (the result).
"""

from salesmode.compiler.layering.layered import Layered, Overridden
from salesmode.compiler.layering.stack import NamedLists, merge_layers

__all__ = ["Layered", "NamedLists", "Overridden", "merge_layers"]
