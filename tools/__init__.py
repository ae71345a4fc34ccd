"""Checks and provisioning that `make` calls; nothing here is shipped."""
