"""Statements with slots, units of work, and the two drivers that run them.

Takes: SQLAlchemy expressions, once; then the values of one request (`Environment`).
Gives: `Statement` (SQL text and slot getters, ready to be cached), `Step` (what a unit of work yields),
    `Database` (runs them), `connect`.
Rejects when: the database refuses: `ConstraintViolation` by constraint name, `StatementTimeout` and others of
    `errors`; never with SQL in a message.
Modules: environment, statement, unit, errors, fold, calls, driver, sqlite (session, violation, threads),
    postgres, connect.
"""
