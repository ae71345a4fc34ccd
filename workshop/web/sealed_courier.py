"""What single people did, at the end of a contact about a process: after the entries, sealed, and only for the key the lead agreed to."""

from collections.abc import Callable
from dataclasses import replace

from sync.exchange import Outcome, PeerProblem, Progress
from sync.log import Load
from sync.sealed_bodies import carry
from sync.sealed_line import HttpChest
from sync.transport import HttpPeer, RefusedThere
from workshop.record.peers import PeerLog
from workshop.record.sealed import SealedBeside


def carry_sealed(
    log: PeerLog, peer: HttpPeer, scope: str, load: Load, met: Outcome, show: Callable[[Progress], object]
) -> tuple[Outcome, bool]:
    """How the contact ended with them, and whether all of them are there. Digests are compared again: only then can it be identical.

    A centre that knows nothing of them has the rest, and is not identical.
    """
    if met.problem or met.identical or not load.reader:
        return met, met.identical
    carried = carry(SealedBeside(log.store, log.desk), HttpChest(peer), scope, load, show)
    met = replace(met, sealed=carried.sent)
    if isinstance(carried.problem, RefusedThere):
        return met, False
    try:
        if carried.problem:
            raise carried.problem
        mine = log.digest(scope, load)
        return replace(met, identical=mine == peer.digest(scope, load, mine)), True
    except PeerProblem as problem:
        return replace(met, problem=problem), False
