"""Speed and memory, measured on real servers and sockets, beside a peer or a floor in the same run. Never a timed test."""
