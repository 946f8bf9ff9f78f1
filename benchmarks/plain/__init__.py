"""The usual way to write such a server by hand: graphene, SQLAlchemy Core, a data loader per relation.

It answers the benchmark's question, and nothing else, on the same database with the same rights. It is
written to be fast: Core rows instead of ORM objects, one window query per level, the caller looked up once.
"""
