"""Method packs: running sheets as data, one TOML file each, readable and editable by a facilitator."""
