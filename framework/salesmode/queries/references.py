"""Which types of field point to one row of another object."""

REFERENCES = ("reference", "user")
