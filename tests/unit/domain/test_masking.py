"""What a request's page says of an address that was erased."""

import pytest

from constancia.domain.application import masked


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("mama@correo.pe", "m•••@c•••.pe"),
        ("m@c.pe", "m•••@c•••.pe"),
        ("ana.quispe@mail.minedu.gob.pe", "a•••@m•••.pe"),
    ],
)
def test_an_address_is_known_to_its_owner_alone(email: str, shown: str) -> None:
    assert masked(email) == shown
