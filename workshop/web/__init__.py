"""The web: guard, identity, wording, fragments, pages (http) and live rooms (live)."""
