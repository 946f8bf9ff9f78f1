"""Which types of field point to rows of another object."""

REFERENCES = ("reference", "user")
"""To one row."""

LISTED = "multi_reference"
"""To several rows, by a list of their ids."""
