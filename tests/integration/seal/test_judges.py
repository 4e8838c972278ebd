"""What readers of PDF find in a sealed file: pyHanko, and Poppler's pdfsig."""

import pytest
from asn1crypto import x509
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation import SignatureCoverageLevel

from constancia.domain.links import verification_url
from render.document import draw
from tests.builders import TOKEN, a_certificate
from tests.judges.seals import ades, judged, pdfsig, signature_of
from tests.school_records import CERTIFICATES
from tests.sealing import BASE_URL, a_sealer, demo_root, sealed
from tests.unit.seal.certificates import Authority
from tests.unit.seal.test_sealer import with_revision

BITS = pytest.mark.parametrize("bits", [2048, 3072, 4096])


def a_file(bits: int = 2048) -> bytes:
    certificate = a_certificate()
    url = verification_url(BASE_URL, certificate.code, TOKEN)
    return a_sealer(bits).seal(draw(certificate, url, a_sealer(bits).appearance))


@BITS
def test_a_sealed_file_is_whole_trusted_and_closed(bits: int) -> None:
    status = judged(a_file(bits), demo_root().pem)

    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.docmdp_ok
    assert status.bottom_line


@BITS
def test_poppler_finds_the_whole_file_signed(bits: int) -> None:
    told = pdfsig(a_file(bits))

    assert "Total document signed" in told
    assert "Signature is Valid" in told
    assert "Signature Type: ETSI.CAdES.detached" in told


def test_it_is_an_advanced_signature_of_the_baseline_profile() -> None:
    """ETSI EN 319 142-1, 6.3: what there is, and that signing time and revocation data are not in the CMS."""
    data = a_file()
    signature = signature_of(data)
    attributes = {each["type"].native for each in signature.signer_info["signed_attrs"]}

    assert ades(data, demo_root().pem) is AdESPassed.OK
    assert signature.sig_object["/SubFilter"] == SigSeedSubFilter.PADES.value
    assert attributes == {"content_type", "message_digest", "signing_certificate_v2"}
    assert [type(each.chosen) for each in signature.signed_data["certificates"]] == [x509.Certificate] * 2


def test_it_permits_no_change_whatever() -> None:
    assert signature_of(a_file()).docmdp_level is MDPPerm.NO_CHANGES


def test_the_signature_names_signer_reason_and_time_of_issue() -> None:
    signature = signature_of(a_file())

    assert signature.sig_object["/Name"] == "Sello de DEMOSTRACIÓN, sin valor oficial"
    assert "demostración" in signature.sig_object["/Reason"]
    assert signature.sig_object["/M"] == "D:20261122103000-05'00'"
    assert signature.field_name == "sello"
    assert signature.sig_field["/TU"].startswith("Sello digital de ")


def test_nobody_is_trusted_whom_the_reader_does_not_know() -> None:
    assert not judged(a_file(), Authority("Otra raíz").pem).trusted


def test_readers_too_see_an_appended_revision() -> None:
    told = pdfsig(with_revision(a_file()))

    assert "Total document signed" not in told


def test_readers_too_see_a_changed_byte() -> None:
    data = a_file()
    place = data.index(b"/MediaBox [0 0 595") + len("/MediaBox [0 0 ")

    status = judged(data[:place] + b"9" + data[place + 1 :], demo_root().pem)

    assert not status.intact
    assert not status.bottom_line


@pytest.mark.parametrize("name", CERTIFICATES)
def test_the_seal_stands_on_its_panel(name: str) -> None:
    """Who presses the panel gets to the signature: its words stand within the field."""
    field = signature_of(sealed(CERTIFICATES[name])).sig_field
    left, bottom, right, top = map(float, field["/Rect"])

    assert right - left > 100
    assert 20 < top - bottom < 150
    assert int(field["/F"]) == 4
