"""What must never enter the record: staff, tokens, codes, nicknames, ballot keys, peers. Its own database file."""
