"""From merged documents to the Model: names are resolved, values get their types, and everything wrong is
  said at once.

Takes: the documents of all layers, merged and valid by their schemas, and a Collector.
Gives: the frozen Model; after an error it is not to be used.
Rejects when: a name leads nowhere, clashes or is reserved, a value is none of its field, a right has no
  ground.
Modules: report, labels, app, options, fields → shapes → granting, staging, tagging (attached), rollups →
  names → rules, assignments → computed → pipelines (gates, routes, applying), guards, tags → roles,
  revealing → user_data; reading → extensions; analyze.
"""

from salesmode.compiler.analyzer.analyze import analyze

__all__ = ["analyze"]
