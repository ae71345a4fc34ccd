"""A told result as places: the same number of dots is the same place, and ties are said."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from workshop.record.queries.ballots import Result


@dataclass(frozen=True, slots=True)
class Place:
    """`place` counts from 1; after two firsts comes the third."""

    place: int
    cluster_id: str
    title: str
    dots: int
    is_tie: bool


@dataclass(frozen=True, slots=True)
class InPlaces:
    places: tuple[Place, ...]
    voters: int
    paper_ballots: int

    @property
    def most(self) -> int:
        return max((place.dots for place in self.places), default=0)


def in_places(result: Result, titles: Mapping[str, str]) -> InPlaces:
    """`titles`: clusters in the order of the board. Groups that are gone and had no dots are left out."""
    shown = [*titles, *(c for c, dots in result.totals.items() if dots and c not in titles)]
    totals = {cluster_id: result.totals.get(cluster_id, 0) for cluster_id in shown}
    alike = Counter(totals.values())
    ranked = sorted(totals.items(), key=lambda item: -item[1])
    return InPlaces(
        tuple(Place(1 + sum(other > dots for other in totals.values()), c, titles.get(c, ""), dots, alike[dots] > 1) for c, dots in ranked),
        result.voters,
        result.paper_ballots,
    )
