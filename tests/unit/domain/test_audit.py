from datetime import UTC, datetime, timedelta, timezone

from constancia.adapters.hashing import HmacPersonHasher
from constancia.domain.audit import Act, Entry, Role, source_of
from tests.builders import CODE, NOW
from tests.fakes import FakeClock, InMemoryTrail, a_hasher, a_witness

ADDRESS = "203.0.113.7"
DAY = datetime(2026, 11, 22, tzinfo=UTC)


def test_an_entry_says_when_and_from_which_address_in_a_form_that_names_none() -> None:
    trail = InMemoryTrail()

    a_witness(trail, FakeClock()).saw(CODE, Act.VERIFY, Role.PUBLIC, "authentic", ADDRESS)

    source = source_of(a_hasher(), ADDRESS, NOW)
    assert trail.entries == [Entry(CODE, NOW, Role.PUBLIC, Act.VERIFY, "authentic", source)]
    assert ADDRESS not in repr(trail.entries)


def test_an_address_is_the_same_for_a_day_and_another_one_the_next() -> None:
    def source(at: datetime) -> str:
        return source_of(a_hasher(), ADDRESS, at)

    assert source(DAY) == source(DAY + timedelta(hours=23, minutes=59))
    assert source(DAY) == source(DAY.astimezone(timezone(timedelta(hours=-5))))
    assert len({source(DAY + timedelta(days=days)) for days in range(400)}) == 400


def test_one_household_is_one_source_and_two_addresses_are_two() -> None:
    def source(address: str) -> str:
        return source_of(a_hasher(), address, NOW)

    assert source("2001:db8:1:2::1") == source("2001:db8:1:2:ffff::9") != source("2001:db8:1:3::1")
    assert source("203.0.113.7") != source("203.0.113.8")


def test_what_stands_for_an_address_is_the_stacks_own() -> None:
    other = HmacPersonHasher(lambda: "another stack's key")

    assert source_of(other, ADDRESS, NOW) != source_of(a_hasher(), ADDRESS, NOW)
    assert source_of(a_hasher(), ADDRESS, NOW) != a_hasher().key("source-address", ADDRESS)
