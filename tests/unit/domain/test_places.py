from constancia.domain.places import PlaceNames, RegisteredDomicile, districts, districts_of, same_domicile

LIMA = PlaceNames("LIMA", "LIMA", "LIMA")
CHICLAYO = PlaceNames("LAMBAYEQUE", "CHICLAYO", "CHICLAYO")


def test_all_districts_of_peru_are_there_once() -> None:
    codes = [district.inei for district in districts()]

    assert len(codes) == len(set(codes)) == 1891
    assert len({district.department for district in districts()}) == 25


def test_a_code_that_inei_and_reniec_give_to_different_places_may_mean_both() -> None:
    assert {district.name for district in districts_of("140101")} == {"Chiclayo", "Lima"}


def test_a_code_matches_by_either_numbering_and_no_third_place() -> None:
    for declared in ("150101", "140101"):
        assert same_domicile(declared, RegisteredDomicile(LIMA, "140101"))
    assert same_domicile("140101", RegisteredDomicile(CHICLAYO, "130101"))
    assert not same_domicile("150101", RegisteredDomicile(CHICLAYO, "130101"))


def test_names_must_agree_at_all_three_levels() -> None:
    registered = RegisteredDomicile(PlaceNames("ÁNCASH", "HUARAZ", "INDEPENDENCIA"), None)

    assert same_domicile(PlaceNames("Ancash", "Huaraz", "Independencia"), registered)
    assert not same_domicile(PlaceNames("Lima", "Lima", "Independencia"), registered)


def test_an_unknown_place_is_no_district() -> None:
    assert districts_of("999999") == ()
    assert districts_of(PlaceNames("Lima", "Lima", "Narnia")) == ()


def test_a_district_that_the_registry_spells_otherwise_is_known_by_its_code() -> None:
    lince = RegisteredDomicile(PlaceNames("LIMA", "LIMA", "LINCE (CERCADO)"), "140111")

    assert same_domicile("150116", lince)
    assert same_domicile(PlaceNames("Lima", "Lima", "Lince"), lince)
    assert same_domicile(lince.names, lince)


def test_names_mean_one_place_whatever_codes_they_share() -> None:
    lince = RegisteredDomicile(PlaceNames("LIMA", "LIMA", "LINCE"), "140111")
    (picsi,) = (place for place in districts() if place.inei == "140111")

    assert not same_domicile(PlaceNames(picsi.department, picsi.province, picsi.name), lince)
