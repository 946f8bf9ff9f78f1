"""Files of records: CSV, XLSX and JSON Lines, out of the database and into it.

Takes: a scope (the caller's, or the system's), an object, columns by name, and a file's path or stream.
Gives: exported: rows as the caller may read them, page by page; incorporate: a unit of work that writes a
    file in one transaction and says which rows were refused, and why.
Rejects when: a file or a column cannot be read (BadFile); an export without the right to it, or above the
    day's limit (Refusal); rows are refused as by any other write.
Modules: faults, columns (what a header names), cells (a value and its text), formats (one file each);
    where → export; lookup (records by what is unique) → batch (one savepoint of rows) → incorporate.
"""
