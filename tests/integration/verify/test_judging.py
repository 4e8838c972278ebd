"""What `constancia verify` says of a certificate's file, and of what people make of it.

The site is validate's own routes; files are sealed as they are handed out.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest
from pyhanko.sign.validation import SignatureCoverageLevel

from constancia.domain.certificate import CertificateState
from constancia.domain.links import verification_url
from constancia.domain.seal import DEMO_POLICY
from infra.seal.demo_ca import DemoRoot
from infra.verify.findings import Check, Difference, ExitCode, Judgement, Source, Standing, Status, Verdict
from infra.verify.judge import Trust, judge
from infra.verify.pages import Box
from infra.verify.seals import Sealers
from infra.verify.site import Site
from render.document import SealAppearance, draw
from render.seal import SealChain, Sealer
from render.seal.timestamp import TimeStampAuthority
from tests.builders import NOW, OTHER_TOKEN, STUDENT_DNI, TOKEN
from tests.integration.seal.authority import authority, granted
from tests.integration.verify import mutations as make
from tests.integration.verify.world import (
    TRUSTED_ROOT,
    World,
    a_world,
    another_certificate,
    finding,
    the_certificate,
)
from tests.judges import seals
from tests.sealing import chain_pem, demo_root, public_der, seal_key, signing_with
from tests.unit.seal.certificates import Authority

FIELD = (
    "Educación Secundaria, 3.º (2021), Ciencias Sociales - Gestiona responsablemente el espacio y el ambiente"
)
TABLES = 1
"""The page with that table."""
NTH = 2
"""Which B of the page that field has."""


@pytest.fixture(scope="module")
def issued() -> Iterator[tuple[World, bytes]]:
    """A site with two certificates, and the file of the first. Tests leave it as it is."""
    with a_world() as world:
        data = world.issues(the_certificate())
        world.issues(another_certificate(), OTHER_TOKEN)
        yield world, data


@pytest.fixture
def world() -> Iterator[World]:
    """A site of the test's own."""
    with a_world() as world:
        yield world


@pytest.fixture
def judged(issued: tuple[World, bytes]) -> Callable[[Callable[[bytes], bytes]], Judgement]:
    """Judge what a mutation makes of the first certificate's file."""
    world, data = issued

    def of(mutation: Callable[[bytes], bytes]) -> Judgement:
        changed = mutation(data)
        assert changed != data
        return world.judge(changed)

    return of


pytestmark = pytest.mark.slow  # as a whole; `test_command` has what must hold before every change

type Judged = Callable[[Callable[[bytes], bytes]], Judgement]


def over(box: Box) -> Box:
    return box[0] - 8, box[1] - 4, box[2] + 8, box[3] + 4


# ---------------------------------------------------------------- as issued


def test_the_file_as_issued_is_untouched_and_stands(issued: tuple[World, bytes]) -> None:
    world, data = issued

    judgement = world.judge(data)

    assert judgement.verdict is Verdict.UNTOUCHED
    assert judgement.exit_code is ExitCode.UNTOUCHED_AND_STANDS
    assert judgement.code == "99S0-QR6Y-D40R"
    assert "UNTOUCHED: certificate 99S0-QR6Y-D40R stands." in judgement.headline
    assert {each.status for each in judgement.findings} == {Status.VALID}
    assert {each.check for each in judgement.findings} == set(Check)
    assert (judgement.differences, judgement.changes) == ((), ())


def test_a_time_stamped_file_is_untouched_too() -> None:
    certificate = the_certificate()
    with authority(granted(NOW)) as url:
        chain = SealChain.parse(chain_pem())
        sealer = Sealer(chain, signing_with(seal_key()), TimeStampAuthority(url, 30))
        address = verification_url("https://constancia.example", certificate.code, TOKEN)
        data = sealer.seal(draw(certificate, address, sealer.appearance))

    trust = Trust(sealers=TRUSTED_ROOT)

    assert judge(data, trust).verdict is Verdict.UNTOUCHED
    assert judge(data + b"\n", trust).verdict is Verdict.ALTERED


@pytest.mark.parametrize("usage", ["digital_signature", "content_commitment"])
def test_a_chain_that_render_seals_with_is_ours_whichever_way_it_says_that_it_signs(usage: str) -> None:
    root = Authority("Raíz de sellos")
    chain = root.certify("Sello", seal_key(), usage={usage}) + root.pem
    sealer = Sealer(SealChain.parse(chain), signing_with(seal_key()))
    url = verification_url("https://constancia.example", the_certificate().code, TOKEN)
    data = sealer.seal(draw(the_certificate(), url, sealer.appearance))

    trust = Trust(sealers=Sealers.of_chain(chain.encode()))

    assert judge(data, trust).verdict is Verdict.UNTOUCHED
    assert judge(data[:-1] + b" ", trust).verdict is Verdict.ALTERED


def test_a_demonstration_says_so_in_its_first_line(issued: tuple[World, bytes]) -> None:
    world, data = issued

    judgement = world.judge(data)

    assert judgement.demonstration
    assert judgement.headline.startswith("[DEMONSTRATION, no official value]")
    assert DEMO_POLICY  # which the seal's certificate carries


@pytest.mark.parametrize(
    ("state", "standing", "says"),
    [
        (CertificateState.SUPERSEDED, Standing.REPLACED, "BUT REPLACED"),
        (CertificateState.ANNULLED, Standing.ANNULLED, "BUT ANNULLED"),
    ],
)
def test_a_file_whose_certificate_no_longer_stands_does_not_read_as_fine(
    world: World, state: CertificateState, standing: Standing, says: str
) -> None:
    data = world.issues(the_certificate())
    world.becomes(state)

    judgement = world.judge(data)

    assert (judgement.verdict, judgement.standing) == (Verdict.UNTOUCHED, standing)
    assert judgement.exit_code is ExitCode.UNTOUCHED_BUT_MAY_NOT_STAND
    assert says in judgement.headline
    assert finding(judgement, Check.RECORD).status is Status.INVALID
    assert finding(judgement, Check.SEAL).status is Status.VALID


def test_a_sealed_file_that_the_site_does_not_know_says_so_at_once(world: World) -> None:
    data = world.issues(the_certificate())
    world.forgets()

    judgement = world.judge(data)

    assert (judgement.verdict, judgement.standing) == (Verdict.UNTOUCHED, Standing.UNKNOWN)
    assert judgement.exit_code is ExitCode.UNTOUCHED_BUT_MAY_NOT_STAND
    assert "BUT UNKNOWN" in judgement.headline


def test_without_a_site_the_seal_alone_tells_and_that_is_said(issued: tuple[World, bytes]) -> None:
    _, data = issued

    judgement = judge(data, Trust(sealers=TRUSTED_ROOT))

    assert (judgement.verdict, judgement.standing) == (Verdict.UNTOUCHED, Standing.NOT_ASKED)
    assert judgement.exit_code is ExitCode.UNTOUCHED_BUT_MAY_NOT_STAND
    assert "WHETHER IT STANDS IS NOT KNOWN" in judgement.headline


def test_a_site_that_does_not_answer_leaves_the_seal(issued: tuple[World, bytes]) -> None:
    _, data = issued

    judgement = judge(data, Trust(Site.at("http://127.0.0.1:9"), TRUSTED_ROOT))

    assert (judgement.verdict, judgement.standing) == (Verdict.UNTOUCHED, Standing.NOT_ASKED)
    assert "can't be reached" in finding(judgement, Check.RECORD).reason


def test_without_any_trust_nothing_is_told(issued: tuple[World, bytes]) -> None:
    _, data = issued

    judgement = judge(data, Trust())

    assert judgement.verdict is Verdict.CANNOT_TELL
    assert "--endpoint" in judgement.headline


def test_a_site_that_publishes_no_chain_leaves_the_digest(world: World) -> None:
    data = world.issues(the_certificate())
    world.routes.seal_chain = None

    judgement = world.judge(data)

    assert judgement.verdict is Verdict.UNTOUCHED
    assert finding(judgement, Check.SEAL).status is Status.SKIPPED
    assert finding(judgement, Check.DIGEST).status is Status.VALID


def test_a_site_whose_seals_whoever_checks_does_not_trust_is_not_enough(issued: tuple[World, bytes]) -> None:
    world, data = issued
    others = Sealers.of_root(DemoRoot.create(NOW).pem.encode())

    judgement = world.judge(data, sealers=others)

    assert judgement.verdict is Verdict.CANNOT_TELL
    assert "its seal is none that you trust" in judgement.headline


# ---------------------------------------------------------------- marks and words


def test_a_changed_mark_is_named_with_level_grade_area_and_competencia(judged: Judged) -> None:
    judgement = judged(make.word_changed(TABLES, "B", "AD", NTH))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.exit_code is ExitCode.ALTERED
    assert judgement.differences == (Difference(Source.PRINT, FIELD, "B", "AD"),)
    assert finding(judgement, Check.DATA).status is Status.VALID


def test_a_changed_mark_in_an_appended_revision_is_named(judged: Judged) -> None:
    judgement = judged(make.word_revised(TABLES, "B", "AD", NTH))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == (Difference(Source.PRINT, FIELD, "B", "AD"),)
    assert any("a revision that was appended" in change for change in judgement.changes)


def test_an_appended_revision_is_told_without_a_site(issued: tuple[World, bytes]) -> None:
    _, data = issued

    judgement = judge(make.word_revised(TABLES, "B", "AD", NTH)(data), Trust(sealers=TRUSTED_ROOT))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == (Difference(Source.PRINT, FIELD, "B", "AD"),)


@pytest.mark.parametrize(
    ("page", "old", "new", "field"),
    [
        (0, "ANA LUCÍA QUISPE ÑAHUI", "ANA LUCÍA QUISPE LUNA", "holder's name"),
        (0, "2014", "2015", "Educación Primaria, 2.º (2014), Año lectivo"),
        (0, "00000001", "00000002", "holder's document"),
        (2, "2026-00001234.", "2026-00001235.", "number of the certificate"),
    ],
)
def test_words_outside_the_marks_are_named(judged: Judged, page: int, old: str, new: str, field: str) -> None:
    judgement = judged(make.word_changed(page, old, new))

    assert judgement.verdict is Verdict.ALTERED
    assert [(each.field, each.record, each.file) for each in judgement.differences] == [(field, old, new)]


def test_a_mark_that_was_erased_is_named(judged: Judged) -> None:
    judgement = judged(make.word_changed(TABLES, "B", " ", NTH))

    assert judgement.differences == (Difference(Source.PRINT, FIELD, "B", None),)


def test_a_changed_code_is_named(judged: Judged) -> None:
    judgement = judged(make.word_changed(0, "99S0-QR6Y-D40R", "7K3Q-M9XD-2TRJ"))

    assert finding(judgement, Check.QR).reason == "the QR and the printed code name different certificates"
    change = ("virtual code", "99S0-QR6Y-D40R", "7K3Q-M9XD-2TRJ")
    assert [(each.field, each.record, each.file) for each in judgement.differences] == [change]


# ---------------------------------------------------------------- what is laid over


def test_an_overlaid_annotation_is_named_with_what_it_covers(
    judged: Judged, issued: tuple[World, bytes]
) -> None:
    box = over(make.place_of(issued[1], TABLES, "B", NTH))

    judgement = judged(make.annotated(TABLES, box, "AD"))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == (Difference(Source.PRINT, FIELD, "B", "AD", "written over it"),)
    assert f"page 2 has an annotation (FreeText) that says «AD», over {FIELD}" in judgement.changes


@pytest.mark.parametrize("looks", [{"hidden": True}, {"drawn": False}])
def test_an_annotation_that_is_not_seen_is_told(
    judged: Judged, issued: tuple[World, bytes], looks: dict[str, bool]
) -> None:
    box = over(make.place_of(issued[1], TABLES, "B", NTH))

    judgement = judged(make.annotated(TABLES, box, "AD", **looks))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert any("annotation (FreeText) that says «AD»" in change for change in judgement.changes)


def test_a_picture_over_a_mark_is_seen(judged: Judged, issued: tuple[World, bytes]) -> None:
    left, bottom, right, top = over(make.place_of(issued[1], TABLES, "B", NTH))
    ink = f"q 1 1 1 rg {left} {bottom} {right - left} {top - bottom} re f Q".encode()

    judgement = judged(make.drawn_over(TABLES, ink))

    assert judgement.verdict is Verdict.ALTERED
    assert [(each.field, each.note) for each in judgement.differences] == [(FIELD, "drawn over")]


def test_a_stamp_where_nothing_stands_is_seen(judged: Judged) -> None:
    judgement = judged(make.drawn_over(2, b"q 1 0 0 rg 200 60 80 20 re f Q"))

    assert [each.note for each in judgement.differences] == ["drawn beside it"]
    assert judgement.differences[0].field.startswith("page 3, 199 to 280 by 60 to 80 points, near")


def test_a_qr_that_leads_elsewhere_is_a_finding_and_is_not_followed(
    judged: Judged, issued: tuple[World, bytes]
) -> None:
    forged = "https://forger.example/validate/99S0QR6YD40R?t=" + TOKEN

    judgement = judged(make.qr_replaced(forged))

    assert judgement.verdict is Verdict.ALTERED
    assert finding(judgement, Check.QR).status is Status.INVALID
    assert "https://forger.example" in finding(judgement, Check.QR).reason
    assert any("Do not follow its QR" in message for message in judgement.messages)
    assert any("QR" in each.field for each in judgement.differences)


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize("place", [0, 3, 7, 15, 3_000, 50_000, -2_000, -30, -2])
def test_a_changed_byte_is_told(judged: Judged, place: int) -> None:
    def flip(data: bytes) -> bytes:
        at = place % len(data)
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

    judgement = judged(flip)

    assert judgement.verdict is Verdict.ALTERED
    if finding(judgement, Check.RECORD).status is Status.VALID:
        assert any(change.startswith("1 byte changed, in 1 place") for change in judgement.changes)
    else:
        assert any("--code" in message for message in judgement.messages)


def test_a_seal_that_is_spelt_anew_over_other_words_does_not_hold(
    issued: tuple[World, bytes], judged: Judged
) -> None:
    forge = make.signature_respelt(1, "B", "AD")
    fooled = seals.judged(forge(issued[1]), demo_root().pem)
    assert fooled.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert fooled.bottom_line  # so no judgement may rest on pyHanko alone

    judgement = judged(forge)

    assert judgement.verdict is Verdict.ALTERED
    assert finding(judgement, Check.SEAL).status is Status.INVALID
    assert {(each.record, each.file) for each in judgement.differences} == {("B", "AD")}


def test_junk_after_the_end_is_told_and_that_nothing_visible_differs(judged: Judged) -> None:
    judgement = judged(lambda data: data + b"\0" * 27)

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert judgement.changes == ("27 bytes of junk follow after its end",)
    assert "no field was seen to differ" in judgement.headline
    assert finding(judgement, Check.PRINT).status is Status.VALID


def test_junk_before_the_beginning_is_told(judged: Judged) -> None:
    judgement = judged(lambda data: b"junk\n" + data)

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.changes == ("5 bytes were put before the certificate",)


def test_two_certificates_in_one_file_are_told(judged: Judged) -> None:
    judgement = judged(lambda data: data + data)

    assert judgement.verdict is Verdict.ALTERED
    assert any("another PDF file" in change for change in judgement.changes)


def test_a_revision_that_changes_metadata_alone_is_told(judged: Judged) -> None:
    judgement = judged(make.retitled("Otro título"))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert any("Title in the information" in change for change in judgement.changes)


def test_attached_data_that_were_replaced_are_told_field_by_field(judged: Judged) -> None:
    content = the_certificate().content
    last = content.levels[1].years[-1]
    results = (replace(last.results[0], mark="C"), *last.results[1:])
    level = replace(content.levels[1], years=(*content.levels[1].years[:-1], replace(last, results=results)))
    forged = replace(content, levels=(content.levels[0], level))

    judgement = judged(make.attachment_replaced(forged.to_json()))

    assert judgement.verdict is Verdict.ALTERED
    mark, area, competencia = (
        last.results[0].mark,
        last.results[0].area,
        last.results[0].competencia,
    )
    field = f"Educación Secundaria, 5.º (2023), {area} - {competencia}"
    assert judgement.differences == (Difference(Source.DATA, field, mark, "C"),)


def test_an_attachment_that_is_no_content_is_told(judged: Judged) -> None:
    judgement = judged(make.attachment_replaced(b"[" * 100_000))

    assert judgement.verdict is Verdict.ALTERED
    assert "not the content of a certificate" in finding(judgement, Check.DATA).reason


def test_a_missing_page_is_told(judged: Judged) -> None:
    judgement = judged(lambda data: make.saved_again(data, lambda pdf: pdf.pages.__delitem__(1)))

    assert judgement.verdict is Verdict.ALTERED
    assert "page 2 of the certificate is missing" in judgement.changes
    assert "page 2 of the file shows page 3 of the certificate" in judgement.changes


def test_pages_in_another_order_are_told(judged: Judged) -> None:
    judgement = judged(lambda data: make.saved_again(data, lambda pdf: pdf.pages.reverse()))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert "page 1 of the file shows page 3 of the certificate" in judgement.changes


def test_a_page_of_somebody_elses_is_told(judged: Judged) -> None:
    judgement = judged(lambda data: make.saved_again(data, make.add_page))

    assert judgement.verdict is Verdict.ALTERED
    assert "page 4 of the file is no page of the certificate" in judgement.changes


def test_a_file_saved_again_says_that_nothing_visible_differs(judged: Judged) -> None:
    judgement = judged(make.saved_again)

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert judgement.changes == ("it was written anew by another program",)


def test_a_second_signature_is_told(judged: Judged) -> None:
    judgement = judged(make.signed_again)

    assert judgement.verdict is Verdict.ALTERED
    assert "it has 2 signatures; ours have one" in judgement.changes


@pytest.mark.parametrize("trust", ["site", "root"])
def test_a_byte_in_the_seal_itself_is_told_though_the_signature_still_holds(
    issued: tuple[World, bytes], trust: str
) -> None:
    """The signature does not cover itself: capitals for its digits change nothing that it says."""
    world, data = issued
    start = data.index(b"/Contents <") + len(b"/Contents <")
    at = next(at for at in range(start, len(data)) if data[at : at + 1] in b"abcdef")
    changed = data[:at] + data[at : at + 1].upper() + data[at + 1 :]

    judgement = world.judge(changed) if trust == "site" else judge(changed, Trust(sealers=TRUSTED_ROOT))

    assert judgement.verdict is Verdict.ALTERED


def test_no_byte_can_change_unnoticed(issued: tuple[World, bytes]) -> None:
    world, data = issued
    chance = Random(3)
    verdicts = set()
    for _ in range(40):
        at = chance.randrange(len(data))
        changed = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
        verdicts.add(world.judge(changed).verdict)

    assert verdicts == {Verdict.ALTERED}


# ---------------------------------------------------------------- copies


@pytest.mark.parametrize("scale", [1.0, 0.94])
def test_pages_printed_to_a_file_are_a_copy_that_is_compared(judged: Judged, scale: float) -> None:
    judgement = judged(lambda data: make.printed_to_file(data, scale))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert any("a copy, printed to a file" in message for message in judgement.messages)
    assert finding(judgement, Check.SEAL).reason == "it has no seal"


@pytest.mark.parametrize("scale", [1.0, 0.94])
def test_a_changed_mark_is_named_in_a_copy(judged: Judged, scale: float) -> None:
    judgement = judged(
        lambda data: make.printed_to_file(make.word_changed(TABLES, "B", "AD", NTH)(data), scale)
    )

    assert judgement.differences == (Difference(Source.PRINT, FIELD, "B", "AD"),)


def test_a_scan_names_its_certificate_and_asks_to_compare(judged: Judged) -> None:
    judgement = judged(make.scanned)

    assert judgement.verdict is Verdict.CANNOT_TELL
    assert judgement.standing is Standing.AUTHENTIC
    assert "compare" in judgement.headline


def test_another_persons_code_and_qr_on_a_certificate_are_told(world: World) -> None:
    data = world.issues(the_certificate())
    world.issues(another_certificate(), OTHER_TOKEN)
    address = verification_url(world.base, another_certificate().code, OTHER_TOKEN)

    judgement = world.judge(
        make.qr_replaced(address)(make.word_changed(0, "99S0-QR6Y-D40R", "7K3Q-M9XD-2TRJ")(data))
    )

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.code == "7K3Q-M9XD-2TRJ"
    assert finding(judgement, Check.DATA).status is Status.INVALID
    assert judgement.differences


def test_a_copy_of_a_replaced_certificate_is_compared_with_its_record(world: World) -> None:
    data = world.issues(the_certificate())
    world.becomes(CertificateState.SUPERSEDED)

    judgement = world.judge(make.printed_to_file(make.word_changed(TABLES, "B", "AD", NTH)(data)))

    assert judgement.verdict is Verdict.ALTERED
    assert (FIELD, "B", "AD") in [(each.field, each.record, each.file) for each in judgement.differences]
    assert "replaced by a newer one" in judgement.headline


# ---------------------------------------------------------------- not ours


def test_a_certificate_sealed_by_an_authority_of_the_same_names_is_not_taken_for_ours(world: World) -> None:
    forged_root = DemoRoot.create(NOW)
    chain = forged_root.issue(public_der(seal_key(3072)), NOW)
    sealer = Sealer(SealChain.parse(chain), signing_with(seal_key(3072)))
    url = verification_url("https://constancia.example", the_certificate().code, TOKEN)
    forged = sealer.seal(draw(the_certificate(), url, sealer.appearance))

    judgement = world.judge(forged)

    assert judgement.verdict is Verdict.NOT_OURS
    assert judgement.exit_code is ExitCode.NOT_OURS
    assert "not by a sealer of ours" in finding(judgement, Check.SEAL).reason
    assert finding(judgement, Check.QR).status is Status.INVALID


def test_our_content_sealed_by_somebody_else_is_altered(world: World) -> None:
    world.issues(the_certificate())
    chain = DemoRoot.create(NOW).issue(public_der(seal_key(3072)), NOW)
    sealer = Sealer(SealChain.parse(chain), signing_with(seal_key(3072)))
    url = verification_url(world.base, the_certificate().code, TOKEN)

    judgement = world.judge(sealer.seal(draw(the_certificate(), url, sealer.appearance)))

    assert judgement.verdict is Verdict.ALTERED
    assert "not by a sealer of ours" in finding(judgement, Check.SEAL).reason


def test_another_leaf_of_the_same_root_seals_for_us_only_under_the_same_name(world: World) -> None:
    data = world.issues(the_certificate())
    ours = Sealers.of_chain(chain_pem().encode())
    renewed = Sealers.of_chain(chain_pem(3072).encode())
    others = replace(ours, subject=ours.roots[0].subject)

    assert judge(data, Trust(sealers=renewed)).verdict is Verdict.UNTOUCHED
    assert judge(data, Trust(sealers=others)).verdict is not Verdict.UNTOUCHED


def test_an_unsealed_drawing_of_a_certificate_that_was_never_issued_is_not_ours(world: World) -> None:
    url = verification_url(world.base, the_certificate().code, TOKEN)
    drawing = draw(the_certificate(), url, SealAppearance("Sello", demo=True, reserved=3000)).data

    judgement = world.judge(drawing)

    assert (judgement.verdict, judgement.standing) == (Verdict.NOT_OURS, Standing.UNKNOWN)


def test_a_document_that_carries_our_qr_is_not_ours(issued: tuple[World, bytes]) -> None:
    world, _ = issued
    address = verification_url(world.base, the_certificate().code, TOKEN)

    judgement = world.judge(make.a_letter_with_qr(address))

    assert judgement.verdict is Verdict.NOT_OURS
    assert "does not look like the certificate" in judgement.headline


def test_somebody_elses_document_is_not_ours(issued: tuple[World, bytes]) -> None:
    world, _ = issued

    judgement = world.judge(make.a_blank_pdf())

    assert judgement.verdict is Verdict.NOT_OURS
    assert judgement.code is None
    assert not judgement.demonstration


# ---------------------------------------------------------------- what whoever checks knows


def test_a_file_that_was_cut_off_is_mended_and_told(judged: Judged, issued: tuple[World, bytes]) -> None:
    judgement = judged(lambda data: data[:40_000])

    assert judgement.verdict is Verdict.ALTERED
    assert f"the file was cut off after 40,000 of {len(issued[1]):,} bytes" in judgement.changes


def test_a_damaged_file_is_compared_by_code_and_document(issued: tuple[World, bytes]) -> None:
    world, data = issued
    cut = data[:2_000]

    alone = world.judge(cut)
    helped = world.judge(cut, code=the_certificate().code, document=STUDENT_DNI.number)

    assert alone.verdict is Verdict.CANNOT_TELL
    assert "--code" in alone.headline
    assert helped.verdict is Verdict.ALTERED
    assert helped.changes == (f"the file was cut off after 2,000 of {len(data):,} bytes",)


def test_the_document_opens_what_a_broken_qr_does_not(judged: Judged, issued: tuple[World, bytes]) -> None:
    world, data = issued
    copy = make.qr_replaced(world.base)(make.printed_to_file(data))

    without = world.judge(copy)
    known = world.judge(copy, document=STUDENT_DNI.number)

    assert without.verdict is Verdict.CANNOT_TELL
    assert any("--document" in message for message in without.messages)
    assert known.verdict is Verdict.ALTERED
    assert finding(known, Check.RECORD).status is Status.VALID


def test_the_document_number_is_never_in_an_address(world: World) -> None:
    data = world.issues(the_certificate())

    world.judge(make.qr_replaced(world.base)(data), document=STUDENT_DNI.number)

    assert world.asked
    assert STUDENT_DNI.number not in " ".join(world.asked)
