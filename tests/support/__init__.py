"""What several tests stand on: a throw-away PostgreSQL, a browser, an accessibility check."""
