"""What each verdict says to people: its title, what it means, and what to do next. Texts only."""

from dataclasses import dataclass, replace
from typing import Final

from constancia.domain.annulment import AnnulmentReason
from constancia.domain.messages import N_
from constancia.domain.verification import FileVerification, Verdict, Verification


@dataclass(frozen=True, slots=True)
class VerdictText:
    """The words of an answer. They are translated where they are shown."""

    title: str
    meaning: str
    next_steps: tuple[str, ...]
    face: str | None = None
    """Whose colour and shape it has, where these are not the verdict's own."""


_ASK_AGAIN: Final = N_(
    "Si nada de esto ayuda, pida a quien le entregó la constancia que la descargue de nuevo y se la envíe. "
    "Una constancia que no se puede verificar no debe aceptarse."
)
_ASK_FOR_THE_VALID_ONE: Final = N_("Pida a la persona titular su constancia vigente.")
_COMPARE: Final = N_(
    "Compare el papel o el archivo con lo que se muestra abajo, dato por dato. Si algo difiere, fue "
    "alterado: no lo acepte."
)
_OPEN: Final = N_(
    "Un código auténtico puede estar en un papel alterado. Para comparar las notas, escriba abajo el número "
    "de documento del estudiante o escanee el código QR."
)
_COMPARE_TYPED: Final = N_(
    "Compare el código con el de la constancia, en la esquina superior derecha, y escríbalo otra vez."
)
_NOT_ISSUED: Final = N_("No encontramos la constancia")
_ANNULLED: Final = VerdictText(
    N_("Constancia anulada"),
    N_("El Ministerio de Educación emitió esta constancia y después la anuló: ya no tiene valor."),
    (
        N_("No la acepte."),
        N_("Pida a la persona titular una constancia vigente. Se obtiene gratis en este mismo sitio."),
    ),
)
_ANNULLED_FOR: Final = {
    AnnulmentReason.WRONG_DATA: N_(
        "El Ministerio de Educación emitió esta constancia y después la anuló porque tenía datos "
        "equivocados: ya no tiene valor."
    ),
    AnnulmentReason.HOLDER_ASKED: N_(
        "El Ministerio de Educación emitió esta constancia y después la anuló a pedido de su titular: ya no "
        "tiene valor."
    ),
    AnnulmentReason.NOT_ENTITLED: N_(
        "El Ministerio de Educación emitió esta constancia y después la anuló porque quien la solicitó no "
        "tenía derecho a pedirla: ya no tiene valor."
    ),
    AnnulmentReason.LEGAL_ORDER: N_(
        "El Ministerio de Educación emitió esta constancia y después la anuló por mandato de una autoridad: "
        "ya no tiene valor."
    ),
}
_BY_VERDICT: Final = {
    Verdict.AUTHENTIC: VerdictText(
        N_("Constancia auténtica"),
        N_("El Ministerio de Educación emitió esta constancia y está vigente."),
        (),
    ),
    Verdict.REPLACED: VerdictText(
        N_("Constancia reemplazada por una más reciente"),
        N_(
            "El Ministerio de Educación emitió esta constancia, pero su titular tiene una más reciente, que "
            "es la que vale ahora."
        ),
        (_ASK_FOR_THE_VALID_ONE, N_("Esta constancia ya no se puede descargar.")),
    ),
    Verdict.ANNULLED: _ANNULLED,
}
_UNKNOWN_BY_PROOF: Final = {
    "code": VerdictText(
        _NOT_ISSUED,
        N_("El código está bien escrito, pero no se emitió ninguna constancia con él."),
        (
            _COMPARE_TYPED,
            _ASK_AGAIN,
        ),
    ),
    # Which of the two was wrong is told to nobody (docs/adr/0060), so nothing is said of the certificate.
    "document": VerdictText(
        N_("El código y el número no coinciden"),
        N_(
            "O no hay ninguna constancia con ese código, o el número no es el del documento de su titular. "
            "Puede ser un error al escribir: esto todavía no dice si la constancia es auténtica."
        ),
        (
            N_(
                "Revise el número, dígito por dígito: es el del documento del estudiante, no el de otra "
                "persona."
            ),
            _COMPARE_TYPED,
            N_("O verifique solo con el código, que dice si la constancia es auténtica."),
        ),
        "unmatched",
    ),
    "token": VerdictText(
        N_("El enlace del QR no abre ninguna constancia"),
        N_(
            "O no hay ninguna constancia con ese código, o el enlace no es el de su código QR. Pudo leerse "
            "o copiarse mal: esto todavía no dice si la constancia es auténtica."
        ),
        (
            N_("Escanee el código QR otra vez, directamente del papel o del archivo."),
            N_("O verifique solo con el código, que dice si la constancia es auténtica."),
        ),
        "unmatched",
    ),
}
_COMPARE_CODE: Final = N_(
    "Compare el código virtual que se muestra arriba con el del papel que tiene en la mano: el archivo puede "
    "ser auténtico y el papel no."
)
_FILE_BY_VERDICT: Final = {
    Verdict.AUTHENTIC: VerdictText(
        N_("Archivo auténtico"),
        N_("Es exactamente el archivo que el Ministerio de Educación emitió, y la constancia está vigente."),
        (_COMPARE_CODE, N_("Lo que el archivo dice es lo que se emitió: puede leerlo con confianza.")),
    ),
    Verdict.REPLACED: VerdictText(
        N_("Archivo de una constancia reemplazada por una más reciente"),
        N_(
            "Es exactamente el archivo que el Ministerio de Educación emitió, pero su titular tiene una "
            "constancia más reciente, que es la que vale ahora."
        ),
        (_ASK_FOR_THE_VALID_ONE,),
    ),
    Verdict.ANNULLED: VerdictText(
        N_("Archivo de una constancia anulada"),
        N_(
            "Es exactamente el archivo que el Ministerio de Educación emitió, pero la constancia fue "
            "anulada: ya no tiene valor."
        ),
        _ANNULLED.next_steps,
    ),
    Verdict.UNKNOWN: VerdictText(
        N_("No es un archivo que se haya emitido"),
        N_("El archivo no es idéntico a ninguno de los que este sitio emitió."),
        (
            N_(
                "Puede ser una copia honesta: un papel escaneado, una foto, o un PDF que un programa volvió "
                "a guardar o a imprimir. También puede ser un archivo alterado o falso. Esta prueba no "
                "distingue lo uno de lo otro."
            ),
            N_(
                "Verifique con el código virtual y el número de documento, o con el código QR, y compare "
                "dato por dato con lo que muestra el sistema."
            ),
            N_("Si puede, pida el archivo PDF tal como se descargó de este sitio."),
        ),
    ),
}


def text_of(verification: Verification, shown: str) -> VerdictText:
    """The words of an answer to a code; `shown` is what was shown with it (`validate.reading.Question`)."""
    if verification.verdict is Verdict.UNKNOWN:
        return _UNKNOWN_BY_PROOF[shown]
    text = _BY_VERDICT[verification.verdict]
    if verification.verdict is Verdict.ANNULLED:
        why = verification.annulled_for
        return replace(text, meaning=_ANNULLED_FOR[why]) if why else text
    step = _COMPARE if verification.opened else _OPEN
    return VerdictText(text.title, text.meaning, (*text.next_steps, step))


def text_of_file(verification: FileVerification) -> VerdictText:
    """The words of an answer to a file's digest."""
    return _FILE_BY_VERDICT[verification.verdict]
