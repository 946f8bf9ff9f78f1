"""A pluggable, low-code, metadata-driven CRM framework: YAML becomes SQL tables and a GraphQL API.

Import from the rooms (`salesmode.model`, `salesmode.hookspecs` …); nothing is re-exported here.
"""
