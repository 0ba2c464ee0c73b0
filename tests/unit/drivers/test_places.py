"""A link's own address comes first; the backup while that is of no use."""

from stripchart.drivers.modbus.places import Places
from stripchart.model.device import parse_link

OWN, BACKUP = parse_link("tcp://a:1"), parse_link("tcp://b:2")


def with_backup() -> Places:
    places = Places(OWN)
    places.configure(BACKUP)
    return places


def test_without_a_backup_there_is_one_place() -> None:
    places = Places(OWN)
    places.was_useless()
    assert places.to_try() == (OWN,)


def test_where_a_connection_was_of_use_the_next_is_tried_first() -> None:
    places = with_backup()
    assert places.to_try() == (OWN, BACKUP)
    places.connected(BACKUP, 0.0)
    assert places.at_backup
    assert places.to_try() == (BACKUP, OWN)


def test_where_a_connection_brought_nothing_the_other_place_is_first() -> None:
    places = with_backup()
    places.connected(OWN, 0.0)
    places.was_useless()
    assert places.to_try() == (BACKUP, OWN)


def test_at_the_backup_the_own_address_is_looked_at_now_and_then_and_returned_to() -> None:
    places = with_backup()
    places.connected(OWN, 0.0)
    assert not places.look_is_due(1000.0)
    places.connected(BACKUP, 0.0)
    assert [places.look_is_due(at_s) for at_s in (1.0, 30.0, 31.0, 60.0)] == [False, True, False, True]
    places.returned()
    assert places.to_try() == (OWN, BACKUP)
