import pytest
from sqlalchemy import text

from app.casework import errors
from app.casework.desk import queries, service
from tests import factories

NOW = factories.OPENING


def test_a_draft_is_kept_for_its_author_alone_and_the_last_one_wins(session):
    for word in ("a", "b"):
        service.save_draft(session, 7, 1, values={"note": word}, now=NOW)
    assert queries.draft(session, 7, 1).values == {"note": "b"}
    assert queries.draft(session, 7, 2) is None
    assert queries.marks(session, [7, 8], 1).drafted == {7}


def test_a_draft_is_stored_sealed(session):
    service.save_draft(session, 7, 1, values={"note": "Schwur im Keller"}, now=NOW)
    assert b"Schwur" not in bytes(session.scalar(text("SELECT sealed FROM draft")))


def test_a_finished_task_leaves_no_draft_of_anybody(session):
    for account in (1, 2):
        service.save_draft(session, 7, account, values={}, now=NOW)
    service.discard_drafts(session, 7)
    assert queries.draft(session, 7, 1) is None is queries.draft(session, 7, 2)


def test_one_can_discard_ones_own_draft(session):
    for account in (1, 2):
        service.save_draft(session, 7, account, values={}, now=NOW)
    service.discard_draft(session, 7, 1)
    assert queries.draft(session, 7, 1) is None
    assert queries.draft(session, 7, 2) is not None


def test_a_task_is_unread_until_it_was_seen(session):
    assert queries.marks(session, [7], 1).seen == {}
    service.mark_seen(session, 7, 1, now=NOW)
    assert queries.marks(session, [7], 1).seen == {7: NOW}
    assert queries.marks(session, [7], 2).seen == {}
    service.mark_unseen(session, 7, 1)
    assert queries.marks(session, [7], 1).seen == {}


def test_a_filter_is_kept_under_its_name_and_belongs_to_one_person(session):
    for text_ in ("a", "b"):
        service.save_filter(session, 1, " Eilig ", query={"q": text_}, now=NOW)
    (row,) = queries.filters(session, 1)
    assert (row.name, row.query) == ("Eilig", {"q": "b"})
    service.delete_filter(session, row.id, 2)
    assert queries.filters(session, 1)
    service.delete_filter(session, row.id, 1)
    assert not queries.filters(session, 1)


def test_a_shared_filter_shows_to_everybody_and_is_deleted_by_its_owner_alone(session):
    service.save_filter(session, 1, "Eilig", query={}, now=NOW, shared=True, owner="Ulrike Sander")
    service.save_filter(session, 2, "Meins", query={}, now=NOW)
    assert [(row.name, row.own, row.owner) for row in queries.filters(session, 2)] == [
        ("Meins", True, ""),
        ("Eilig", False, "Ulrike Sander"),
    ]
    service.delete_filter(session, queries.filters(session, 2)[1].id, 2)
    assert len(queries.filters(session, 2)) == 2


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_filter_without_a_fitting_name_is_refused(session, name):
    with pytest.raises(errors.ValuesRefused):
        service.save_filter(session, 1, name, query={}, now=NOW)
