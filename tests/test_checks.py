"""Each check of `make check` can fail: a deliberate fault, and what is said about it."""

from pathlib import Path

import pytest

from tools.check_repository import faults_of
from tools.check_translations import find_faults, translated_messages, used_messages


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("templates/cards", "workshop/web", "translations/it"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def faults(root: Path) -> list[str]:
    translated, unreadable = translated_messages(root / "translations" / "it")
    return [*unreadable, *find_faults(used_messages(root), translated)]


def test_words_without_italian_are_named_with_the_place_that_shows_them(root: Path) -> None:
    (root / "templates/cards/form.html").write_text('<p>\n{{ _("Send") }}</p>')
    (root / "workshop/web/wording.py").write_text('LATE = _l("Late")\nCARDS = N_("Cards")\n')
    assert faults(root) == [
        "missing: 'Cards' (workshop/web/wording.py:2)",
        "missing: 'Late' (workshop/web/wording.py:1)",
        "missing: 'Send' (templates/cards/form.html:2)",
    ]


def test_words_with_italian_have_no_fault(root: Path) -> None:
    (root / "templates/form.html").write_text('{{ ngettext("%(n)s card", "%(n)s cards", n, n=n) }} {{ _("Hello %(name)s", name=name) }}')
    (root / "translations/it/cards.po").write_text(
        'msgid "%(n)s card"\nmsgid_plural "%(n)s cards"\nmsgstr[0] "%(n)s scheda"\nmsgstr[1] "%(n)s schede"\n\n'
        'msgid "Hello %(name)s"\nmsgstr "Ciao %(name)s"\n'
    )
    assert faults(root) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Send %(n)s"\nmsgstr ""\n', "empty: 'Send %(n)s' (a.po:1)"),
        ('msgid "Send %(n)s"\nmsgstr "Invia"\n', "placeholders differ: 'Send %(n)s' (a.po:1)"),
        ('#, fuzzy\nmsgid "Send %(n)s"\nmsgstr "Invia %(n)s"\n', "fuzzy: 'Send %(n)s' (a.po:2)"),
        ('msgid "Send %(n)s"\nmsgstr "Invia %(n)s"\n\nmsgid "Old"\nmsgstr "Vecchio"\n', "unused: 'Old' (a.po:4)"),
    ],
)
def test_italian_that_would_not_do_is_named(root: Path, entry: str, fault: str) -> None:
    (root / "templates/form.html").write_text('{{ _("Send %(n)s", n=n) }}')
    (root / "translations/it/a.po").write_text(entry)
    assert faults(root) == [fault]


def test_words_translated_in_two_files_are_named(root: Path) -> None:
    (root / "templates/form.html").write_text('{{ _("Send") }}')
    for family in ("cards", "common"):
        (root / f"translations/it/{family}.po").write_text('msgid "Send"\nmsgstr "Invia"\n')
    assert faults(root) == ["in two places: 'Send' (cards.po:1, common.po:1)"]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("static/vendor/htmx.js", "", "third-party files are fetched, not committed"),
        ("static/sortable.min.js", "", "third-party files are fetched, not committed"),
        ("static/board.js", "x" * 1_001, "line 1 looks minified"),
        ("package-lock.json", '"resolved"' + ': "x"', "line 1 names a package registry"),
        ("docs/START.md", "\n".join(["run it in", "/".join(["", "home", "anna", "tavoli"])]), "line 2 names a path of one machine"),
        ("workshop/domain/step.py", "\n" * 401, "401 lines, at most 400"),
        ("templates/tables/show.html", "\n" * 121, "121 lines, at most 120"),
    ],
)
def test_what_must_not_be_in_the_repository_is_named(name: str, content: str, fault: str) -> None:
    assert list(faults_of(name, content.encode())) == [f"{name}: {fault}"]


@pytest.mark.parametrize(
    ("name", "content"), [("docs/tables.png", b"\x89PNG\0/home/anna"), ("templates/show.html", b"<a href='/work-tables/1'>")]
)
def test_pictures_and_pages_are_left_alone(name: str, content: bytes) -> None:
    assert list(faults_of(name, content)) == []
