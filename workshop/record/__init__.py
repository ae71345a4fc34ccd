"""The record: what happened, in SQL. Knows SQLAlchemy, not Flask."""
