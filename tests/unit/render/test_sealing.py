"""The drawing that is sealed with the chain as it stands."""

from collections.abc import Callable

import pytest

from render.seal import SealChain, SealError, SealFault
from render.seal.check import check
from render.seal.cms import SealForm
from render.sealing import SealedDrawing
from tests.builders import STUDENT_DNI, a_certificate, a_content
from tests.sealing import BASE_URL, chain_pem, seal_key, signing_with
from tests.unit.seal.certificates import Authority, an_rsa_key

URL = f"{BASE_URL}/validate/99S0QR6YD40R?t=X"
STATE = Authority("Raíz del Estado")


def a_real_chain() -> str:
    return STATE.certify("Ministerio de Educación", seal_key()) + STATE.pem


def a_chain_of_a_name_without_our_letters() -> str:
    return STATE.certify("教育省", seal_key()) + STATE.pem


def a_drawing(chain: Callable[[], str | None], *, demo: bool = True, key: str | None = None) -> SealedDrawing:
    return SealedDrawing(chain, signing_with(an_rsa_key(key) if key else seal_key()), None, demo=demo)


def refused(drawing: SealedDrawing) -> SealFault:
    with pytest.raises(SealError) as refusal:
        drawing(a_certificate(), URL)
    return refusal.value.reason


def test_what_is_drawn_is_sealed() -> None:
    data = a_drawing(chain_pem)(a_certificate(), URL)

    check(data, SealForm(SealChain.parse(chain_pem())))


def test_a_demonstration_says_so_on_the_paper_and_a_real_seal_does_not() -> None:
    demo = a_drawing(chain_pem)(a_certificate(), URL)
    real = a_drawing(a_real_chain, demo=False)(a_certificate(), URL)

    assert "Sello de demostración".encode("utf-16-be").hex().upper().encode() in demo.upper()
    assert "demostración".encode("utf-16-be").hex().upper().encode() not in real.upper()


def test_a_renewed_chain_is_taken_up() -> None:
    chains = [chain_pem(), a_real_chain()]
    drawing = SealedDrawing(lambda: chains[0], signing_with(seal_key()), None, demo=True)
    drawing(a_certificate(), URL)

    chains.pop(0)

    assert refused(drawing) is SealFault.CHAIN_OTHER_STAGE


@pytest.mark.parametrize(
    ("drawing", "fault"),
    [
        pytest.param(lambda: a_drawing(lambda: None), SealFault.CHAIN_MISSING, id="no chain"),
        pytest.param(lambda: a_drawing(lambda: "x"), SealFault.CHAIN_UNREADABLE, id="no chain that is one"),
        pytest.param(lambda: a_drawing(chain_pem, demo=False), SealFault.CHAIN_OTHER_STAGE, id="a demo's"),
        pytest.param(lambda: a_drawing(a_real_chain), SealFault.CHAIN_OTHER_STAGE, id="not a demo's"),
        pytest.param(
            lambda: a_drawing(a_chain_of_a_name_without_our_letters, demo=False),
            SealFault.CHAIN_UNFIT,
            id="of a name that can't be printed",
        ),
        pytest.param(lambda: a_drawing(chain_pem, key="other"), SealFault.KEY_MISMATCH, id="another key's"),
    ],
)
def test_without_a_seal_that_holds_there_is_no_file(
    drawing: Callable[[], SealedDrawing], fault: SealFault
) -> None:
    assert refused(drawing()) is fault


def test_no_error_quotes_what_was_drawn() -> None:
    with pytest.raises(SealError) as refusal:
        a_drawing(chain_pem, key="other")(a_certificate(), URL)

    holder = a_content().holder
    assert not [word for word in (holder.name.given, STUDENT_DNI.number, URL) if word in str(refusal.value)]
