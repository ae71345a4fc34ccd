"""The board of a table: clusters with titles, the parking lot, a card said twice; then the dots."""

from collections import Counter

from workshop.demo_content.play import AtTable
from workshop.demo_content.story import CardTold, ClusterTold
from workshop.domain.cluster import PARKED, AddCluster, MoveCards, TitleCluster
from workshop.domain.contribution import MergeContribution
from workshop.domain.dots import CastDots, CountPaperDots
from workshop.domain.ids import new_id

EACH = 5  # dots of one person
ON_ONE = 2  # at most on one cluster


def put_together(at: AtTable) -> None:
    """The facilitator moves what the table says; titles come last."""
    at.walk("caffe", "nuvole")
    for cluster in at.clusters:
        _cluster(at, cluster)
    for card in at.cards:
        _put_aside(at, card)
    at.walk("orfani")


def vote(at: AtTable) -> None:
    """Phones cast their own dots, the scribe enters the totals of the paper ballots."""
    at.walk("bollini")
    ballots = shared_out({cluster.key: cluster.dots for cluster in at.clusters}, len(at.people))
    by_phone, on_paper = ballots[: len(at.phones)], ballots[len(at.phones) :]
    here, step = at.play.process_id, at.play.steps["bollini"]
    for voter, ballot in zip(at.phones, by_phone, strict=True):
        dots = {at.play.clusters[key]: number for key, number in ballot.items()}
        at.hand.gives(CastDots(command_id=new_id(), process_id=here, work_table_id=at.id, step_id=step, dots=dots), voter)
    paper = {at.play.clusters[key]: number for key, number in sum(on_paper, Counter[str]()).items()}
    count = CountPaperDots(command_id=new_id(), process_id=here, work_table_id=at.id, step_id=step, dots=paper, ballots=len(on_paper))
    at.hand.gives(count, at.scribe)


def shared_out(totals: dict[str, int], people: int) -> list[Counter[str]]:
    """Ballots that add up to these totals within the rule; as many as needed when the people at the table are too few."""
    needed = max([people, *(-(-total // ON_ONE) for total in totals.values()), -(-sum(totals.values()) // EACH)])
    ballots = [Counter[str]() for _ in range(needed)]
    for key, total in sorted(totals.items(), key=lambda item: -item[1]):
        for _ in range(total):
            free = [ballot for ballot in ballots if ballot[key] < ON_ONE and ballot.total() < EACH]
            min(free, key=Counter.total)[key] += 1
    return ballots


def _cluster(at: AtTable, told: ClusterTold) -> None:
    cluster_id, here = new_id(), at.play.process_id
    cards = tuple(at.play.cards[code] for code in told.cards if code in at.play.cards)
    at.hand.gives(AddCluster(command_id=cluster_id, process_id=here, work_table_id=at.id, contribution_ids=cards), at.facilitator)
    title = TitleCluster(
        command_id=new_id(),
        process_id=here,
        cluster_id=cluster_id,
        title=told.title,
        description=told.description,
        replaces=(cluster_id,),
    )
    at.hand.gives(title, at.facilitator)
    at.play.clusters[told.key] = cluster_id


def _put_aside(at: AtTable, card: CardTold) -> None:
    here, card_id = at.play.process_id, at.play.cards.get(card.code, "")
    if card.parked:
        park = MoveCards(command_id=new_id(), process_id=here, work_table_id=at.id, contribution_ids=(card_id,), place=PARKED)
        at.hand.gives(park, at.facilitator)
    if card.merged_into:
        merge = MergeContribution(command_id=new_id(), process_id=here, contribution_id=card_id, into_id=at.play.cards[card.merged_into])
        at.hand.gives(merge, at.facilitator)
