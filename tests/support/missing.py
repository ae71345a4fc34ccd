"""What is said when a test cannot run here: one line that names what to install."""

CHROMIUM = "Tests need Chromium: install chromium (Debian: apt install chromium), or name a Chrome or Chromium in TAVOLI_CHROMIUM."
POSTGRES = "Tests need PostgreSQL: install postgresql (Debian: apt install postgresql), or name its bin folder in TAVOLI_POSTGRES."
AXE = "Tests need axe-core: run `make test`, which fetches it into build/test-assets."
SMALL_DISK = "Tests of a full disk need Linux and `unshare --mount` (util-linux): run them as root, or where user namespaces are allowed."


class Missing(Exception):
    """Something the tests need is not on this machine; the message says what to install."""
