"""What was measured is held against its target, and what was not measured is not called met."""

from bench.targets import TARGETS, judged


def test_each_figure_is_met_or_missed_by_its_own_limit() -> None:
    found = {"burst": {"500": {"kept": 499, "doubled": 0}}, "travel": {"tips_ms": 50, "sqlite": {"no_op_ms": 100.1}}}
    told = {each["target"].rpartition(":")[2].strip() + " " + each["limit"]: each["met"] for each in judged(found)}
    assert told == {
        "kept >= 500": False,
        "doubled <= 0": True,
        "tips, ms <= 50": True,
        "contact with nothing to do, ms, SQLite <= 100": False,
    }


def test_nothing_measured_is_nothing_met() -> None:
    assert judged({}) == []


def test_every_target_has_one_limit() -> None:
    assert all((target.most is None) != (target.least is None) for target in TARGETS)
