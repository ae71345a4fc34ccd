"""Names of the rules that are shown to people inside a sentence; translations/<language>/codes.po has words for each."""

from typing import Final

from workshop.web.refusal_words import N_

KINDS: Final = (
    N_("viewpoint"),
    N_("need"),
    N_("experience"),
    N_("concern"),
    N_("proposal"),
    N_("reflection"),
    N_("question"),
    N_("idea"),
    N_("topic"),
    N_("vision"),
)
MUST: Final = (  # before a step closes
    N_("all_read"),
    N_("all_tables_done"),
    N_("all_voted"),
    N_("host_chosen"),
    N_("minority_filled"),
    N_("no_orphans"),
    N_("one_idea"),
    N_("proposals_complete"),
    N_("questions_marked"),
    N_("sections_filled"),
    N_("sources_linked"),
    N_("spokesperson_chosen"),
    N_("titles_filled"),
    N_("topics_placed"),
    N_("validated"),
)
MISSING: Final = (  # before a synthesis is read back
    N_("frame"),
    N_("convergences"),
    N_("minority"),
    N_("uncovered"),
    N_("siblings"),
    N_("bare"),
)
STATES: Final = (
    N_("announced"),
    N_("archived"),
    N_("cancelled"),
    N_("closed"),
    N_("clustering"),
    N_("collecting"),
    N_("draft"),
    N_("in_review"),
    N_("live"),
    N_("merged"),
    N_("open"),
    N_("paused"),
    N_("planned"),
    N_("postponed"),
    N_("prepared"),
    N_("prioritising"),
    N_("published"),
    N_("ready"),
    N_("reported"),
    N_("restitution"),
    N_("running"),
    N_("skipped"),
    N_("suspended"),
    N_("validating"),
    N_("writing"),
)
