"""What every refusal looks like from outside: one table of HTTP status, Spanish text and next step by code.

The API answers problem+json (RFC 9457), the pages answer a page made of the same `Problem`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import msgspec

from constancia.domain.errors import DomainError, ErrorCode, FieldError, FieldErrorCode
from constancia.domain.messages import N_

MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemText:
    """What a code means to whoever gets it. `retry_after` is in seconds, where another try makes sense."""

    status: HTTPStatus
    title: str
    detail: str
    next_step: str
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field, in words."""

    pointer: str
    code: FieldErrorCode
    text: str
    """As it stands in the table, to be translated."""
    limit: int | None

    def say(self, text: str) -> str:
        """The text, as it stands in the table or translated, with what it leaves open."""
        return text.format(limit=self.limit)

    @property
    def detail(self) -> str:
        """In Spanish, as the API says it."""
        return self.say(self.text)


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal as the public sees it."""

    code: ErrorCode
    text: ProblemText
    errors: tuple[FieldProblem, ...]
    retry_after: int | None
    since: int | None = None
    """The year that `{since}` stands for in the texts."""

    @property
    def reference(self) -> str:
        """The message's number, for whoever writes or calls about it."""
        return f"M-{REFERENCES[self.code]:02}"

    def say(self, text: str) -> str:
        """One of the texts, as it stands in the table or translated, with what it leaves open."""
        return text.format(since=self.since)

    def to_json(self) -> str:
        """The body of `application/problem+json`."""
        body: dict[str, object] = {
            "type": f"urn:problem-type:constancia:{self.code}",
            "title": self.text.title,
            "status": self.text.status.value,
            "code": self.code.value,
            "detail": self.say(self.text.detail),
            "next_step": self.say(self.text.next_step),
        }
        if self.errors:
            body["errors"] = [
                {"pointer": one.pointer, "code": one.code, "detail": one.detail} for one in self.errors
            ]
        return msgspec.json.encode(body).decode()


def problem_of(error: DomainError, own: Mapping[ErrorCode, ProblemText] = MappingProxyType({})) -> Problem:
    """Tell a refusal to the public: hidden codes become what may be known, and then name no field.

    `own` are the words of a function for which a code means something more precise.
    """
    code = error.code.public
    text = own.get(code) or PROBLEMS[code]
    fields = error.fields if code is error.code else ()
    return Problem(
        code=code,
        text=text,
        errors=tuple(
            FieldProblem(field.pointer, field.code, FIELD_PROBLEMS[field.code], field.limit)
            for field in fields
        ),
        retry_after=error.retry_after_seconds or text.retry_after,
        since=error.since,
    )


def explain(field: FieldError) -> str:
    """Say in Spanish what is wrong with a field and how to mend it."""
    return FIELD_PROBLEMS[field.code].format(limit=field.limit)


_TRY_LATER: Final = N_("Vuelva a intentar en unos minutos. No se guardó nada de lo que envió.")
_CHECK_DOCUMENT: Final = N_(
    "Revise los datos tal como figuran en el documento de identidad y vuelva a intentar. Si son correctos, "
    "acérquese a la entidad que lo emitió (RENIEC, o Migraciones si es carnet de extranjería) para verificar "
    "su registro."
)

PROBLEMS: Final[dict[ErrorCode, ProblemText]] = {
    # The input itself
    ErrorCode.MALFORMED_BODY: ProblemText(
        HTTPStatus.BAD_REQUEST,
        N_("No se puede leer lo enviado"),
        N_("El contenido de la solicitud no tiene el formato que su tipo anuncia."),
        N_("Revise el formato y vuelva a enviar."),
    ),
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: ProblemText(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        N_("Tipo de contenido no admitido"),
        N_("Esta dirección recibe otro tipo de contenido: la API recibe application/json."),
        N_("Indique el tipo de contenido correcto en la cabecera Content-Type."),
    ),
    ErrorCode.BODY_TOO_LARGE: ProblemText(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        N_("Contenido demasiado grande"),
        N_("Lo enviado supera los 64 KB que se admiten."),
        N_("Envíe solo los datos que se piden."),
    ),
    ErrorCode.INVALID_INPUT: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("Hay datos que corregir"),
        N_("Falta algún dato, o alguno no es correcto."),
        N_("Corrija los datos señalados y vuelva a enviar."),
    ),
    ErrorCode.IDEMPOTENCY_KEY_REUSED: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("Esta solicitud ya se envió con otros datos"),
        N_("La clave que identifica el envío ya se usó con datos distintos."),
        N_("Para una solicitud nueva, use una clave nueva: en la página, empiece de nuevo desde el inicio."),
    ),
    # Identity
    ErrorCode.IDENTITY_MISMATCH: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("Los datos no coinciden con el registro oficial"),
        N_("Alguno de los datos no coincide con el registro oficial. Por seguridad no decimos cuál."),
        _CHECK_DOCUMENT,
    ),
    # Eligibility
    ErrorCode.TERMS_NOT_ACCEPTED: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("Falta aceptar los términos y condiciones"),
        N_("Para emitir la constancia necesitamos que acepte los términos y condiciones."),
        N_("Lea los términos y marque la casilla si está de acuerdo."),
    ),
    ErrorCode.TERMS_OUTDATED: ProblemText(
        HTTPStatus.CONFLICT,
        N_("Los términos y condiciones cambiaron"),
        N_("La versión de los términos que aceptó ya no es la vigente."),
        N_("Lea la versión vigente y acéptela para continuar."),
    ),
    ErrorCode.MODALITY_NOT_OFFERED: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("Modalidad no disponible"),
        N_("Por ahora la constancia se emite solo para las modalidades que ofrece la página."),
        N_("Si estudió en otra modalidad, pida el certificado de estudios en su colegio o en la UGEL."),
    ),
    ErrorCode.STUDENT_DECEASED: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("No se puede emitir la constancia"),
        N_("El registro oficial indica que la persona estudiante ha fallecido."),
        N_("Si no es así, acérquese al RENIEC para corregir el registro."),
    ),
    ErrorCode.APPLICANT_DECEASED: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("No se puede atender la solicitud"),
        N_("El registro oficial indica que la persona solicitante ha fallecido."),
        N_("Puede solicitarla la madre, el padre o el apoderado. Si hay un error, acuda al RENIEC."),
    ),
    ErrorCode.APPLICANT_IS_STUDENT: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("Solicitante y estudiante son la misma persona"),
        N_("El documento de quien solicita es el mismo que el del estudiante."),
        N_("Si la constancia es suya, elija «Para mí» al comenzar."),
    ),
    ErrorCode.TOO_YOUNG_TO_ASK_ALONE: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("Aún no puede solicitarla por su cuenta"),
        N_("Los estudiantes que todavía no tienen la edad mínima la solicitan por medio de un adulto."),
        N_("Pida a su madre, padre o apoderado que haga la solicitud."),
    ),
    ErrorCode.ADULT_MUST_ASK_IN_PERSON: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("La solicitud debe hacerla el propio estudiante"),
        N_("El estudiante ya es mayor de edad, así que solo él o ella puede pedir su constancia."),
        N_("Pida al estudiante que haga la solicitud eligiendo «Para mí»."),
    ),
    ErrorCode.KINSHIP_NOT_REGISTERED: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("El parentesco no figura en el registro"),
        N_("El registro oficial no muestra que usted sea la madre o el padre del estudiante."),
        N_(
            "Revise los documentos. Si no es su madre ni su padre, elija «Para un menor de edad: soy su "
            "apoderada o apoderado». Si hay un error en el registro, acuda al RENIEC."
        ),
    ),
    ErrorCode.GUARDIAN_NOT_REGISTERED: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("No figura como apoderado"),
        N_("El sistema escolar (SIAGIE) no lo tiene registrado como apoderado del estudiante."),
        N_("Pida al colegio que actualice los datos del apoderado y vuelva a intentar."),
    ),
    ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("No encontramos estudios en esos años"),
        N_("El sistema escolar no tiene matrículas en los años que cubre la constancia: desde el {since}."),
        N_("Por los años anteriores pida el certificado de estudios en su colegio o en la UGEL."),
    ),
    ErrorCode.LEVEL_NOT_STUDIED: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("No hay estudios en ese nivel"),
        N_("El sistema escolar no tiene estudios desde el {since} en el nivel elegido."),
        N_("Elija otro nivel. Si los hizo antes del {since}, pida el certificado de estudios."),
    ),
    ErrorCode.NO_RESULTS_YET: ProblemText(
        HTTPStatus.CONFLICT,
        N_("Todavía no hay resultados"),
        N_("Los estudios de ese nivel aún no tienen resultados finales de ningún grado."),
        N_("Vuelva a solicitarla cuando termine el año escolar y el colegio cierre sus actas."),
    ),
    ErrorCode.ACTA_UNDER_REVIEW: ProblemText(
        HTTPStatus.CONFLICT,
        N_("Un acta está en revisión"),
        N_("Un acta de evaluación de esos años está en revisión o rectificación en el sistema escolar."),
        N_("Consulte en el colegio cuándo quedará aprobada y vuelva a intentar después."),
    ),
    # Registries
    ErrorCode.REGISTRY_UNAVAILABLE: ProblemText(
        HTTPStatus.SERVICE_UNAVAILABLE,
        N_("Un registro oficial no responde"),
        N_("Para verificar sus datos consultamos registros oficiales, y uno no responde en este momento."),
        _TRY_LATER,
        retry_after=120,
    ),
    ErrorCode.REGISTRY_LIMIT_REACHED: ProblemText(
        HTTPStatus.SERVICE_UNAVAILABLE,
        N_("Se alcanzó el límite de consultas"),
        N_("Hoy se alcanzó el límite de consultas a un registro oficial."),
        # The registry says when (Retry-After); its day need not end when ours does.
        N_("Vuelva a intentar más tarde. No se guardó nada de lo que envió."),
        retry_after=3600,
    ),
    ErrorCode.REGISTRY_INCONSISTENT: ProblemText(
        HTTPStatus.BAD_GATEWAY,
        N_("Un registro oficial respondió con un error"),
        N_("La respuesta de un registro oficial no se puede usar."),
        N_(
            "Vuelva a intentar en unos minutos. Si sigue igual, pida en su colegio que revisen sus datos en "
            "el SIAGIE, y al RENIEC o a Migraciones los de su documento. No se guardó nada de lo que envió."
        ),
        retry_after=300,
    ),
    # Limits
    ErrorCode.TOO_MANY_ATTEMPTS: ProblemText(
        HTTPStatus.TOO_MANY_REQUESTS,
        N_("Demasiados intentos"),
        N_("Hubo varios intentos con datos que no coinciden. Por seguridad hicimos una pausa."),
        N_("Espere y vuelva a intentar más tarde con los datos tal como figuran en el documento."),
        retry_after=900,
    ),
    ErrorCode.TOO_MANY_REQUESTS: ProblemText(
        HTTPStatus.TOO_MANY_REQUESTS,
        N_("Demasiadas solicitudes"),
        N_("Hay demasiadas solicitudes en este momento."),
        N_("Espere un minuto y vuelva a intentar."),
        retry_after=60,
    ),
    ErrorCode.DAILY_LIMIT_REACHED: ProblemText(
        HTTPStatus.TOO_MANY_REQUESTS,
        N_("Ya se pidieron hoy todas las constancias que se pueden pedir en un día"),
        N_(
            "Hay un número máximo de constancias por día para cada estudiante, para quien solicita y para "
            "cada conexión a internet. Sus datos son correctos, pero hoy ya se llegó a ese número."
        ),
        N_(
            "Use la constancia más reciente: su código virtual llegó por correo. Si necesita otra, vuelva a "
            "solicitarla después de la medianoche (hora de Lima)."
        ),
        retry_after=3600,
    ),
    # Requests, certificates, files
    ErrorCode.DRAFT_MISSING: ProblemText(
        HTTPStatus.NOT_FOUND,
        N_("No encontramos sus respuestas"),
        N_(
            "Lo que se llena entre un paso y otro se guarda solo en su navegador, cifrado, y aquí no está: "
            "el navegador se cerró, no acepta cookies, o el enlace se abrió en otro equipo."
        ),
        N_("Empiece de nuevo. Si vuelve a pasar, permita las cookies de este sitio."),
    ),
    ErrorCode.DRAFT_EXPIRED: ProblemText(
        HTTPStatus.GONE,
        N_("Pasó demasiado tiempo"),
        N_("Por seguridad, sus respuestas se borran una hora después de la última. No se envió nada."),
        N_("Empiece de nuevo: toma unos minutos."),
    ),
    ErrorCode.DRAFT_UNREADABLE: ProblemText(
        HTTPStatus.BAD_REQUEST,
        N_("No podemos leer sus respuestas"),
        N_(
            "Lo que guardó su navegador no es de esta solicitud, se alteró, o la página cambió mientras "
            "la llenaba. No se envió nada."
        ),
        N_("Empiece de nuevo: toma unos minutos."),
    ),
    ErrorCode.DRAFT_TOO_LARGE: ProblemText(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("Sus respuestas son demasiado largas"),
        N_("Todas juntas no caben en lo que su navegador puede guardar. La última no se guardó."),
        N_("Vuelva a la página anterior y escriba solo lo que figura en el documento."),
    ),
    ErrorCode.REQUEST_NOT_FOUND: ProblemText(
        HTTPStatus.NOT_FOUND,
        N_("No encontramos esa solicitud"),
        N_("La solicitud no existe o ya pasó el plazo en que se puede consultar."),
        N_("Si ya tiene el código virtual, use la página de verificación. Si no, haga una solicitud nueva."),
    ),
    ErrorCode.CERTIFICATE_NOT_FOUND: ProblemText(
        HTTPStatus.NOT_FOUND,
        N_("No encontramos esa constancia"),
        N_("Con esos datos no encontramos ninguna constancia."),
        N_("Revise el código virtual y el número de documento, y vuelva a intentar."),
    ),
    ErrorCode.NOT_ENTITLED: ProblemText(
        HTTPStatus.FORBIDDEN,
        N_("No se puede mostrar el archivo"),
        N_("El enlace no es válido o ya venció."),
        N_("Verifique de nuevo la constancia con su código y el número de documento, o con el código QR."),
    ),
    ErrorCode.NO_LONGER_VALID: ProblemText(
        HTTPStatus.GONE,
        N_("Esta constancia ya no es vigente"),
        N_("La constancia fue reemplazada por una más reciente o fue anulada; su archivo ya no se descarga."),
        N_("Pida a la persona titular su constancia vigente."),
    ),
    ErrorCode.SEAL_CHAIN_NOT_INSTALLED: ProblemText(
        HTTPStatus.NOT_FOUND,
        N_("Todavía no hay certificados del sello"),
        N_("Este sitio todavía no tiene los certificados con los que se comprueba su sello digital."),
        N_("Para saber si una constancia es auténtica, use la página de verificación."),
    ),
    # The web itself
    ErrorCode.ROUTE_NOT_FOUND: ProblemText(
        HTTPStatus.NOT_FOUND,
        N_("Esta página no existe"),
        N_("La dirección que escribió o el enlace que siguió no existe."),
        N_("Revise la dirección o vaya al inicio."),
    ),
    ErrorCode.METHOD_NOT_ALLOWED: ProblemText(
        HTTPStatus.METHOD_NOT_ALLOWED,
        N_("Operación no admitida"),
        N_("Esta dirección existe, pero no admite esa operación."),
        N_("Consulte la descripción de la API o vaya al inicio."),
    ),
    ErrorCode.CROSS_SITE_FORM: ProblemText(
        HTTPStatus.FORBIDDEN,
        N_("El formulario no vino de esta página"),
        N_("Por seguridad solo se reciben formularios llenados en este mismo sitio."),
        N_("Abra la página de solicitud en este sitio y llene ahí el formulario."),
    ),
    ErrorCode.REFUSED_AT_THE_GATE: ProblemText(
        HTTPStatus.FORBIDDEN,
        N_("No pudimos aceptar lo enviado"),
        N_("La protección del sitio lo tomó por un ataque."),
        N_(
            "Vuelva a intentar desde su navegador, escribiendo solo los datos que se piden."
            " Si sigue igual, use otra conexión."
        ),
    ),
    ErrorCode.INTERNAL: ProblemText(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        N_("No pudimos atender su solicitud"),
        N_("Ocurrió un error de nuestro lado."),
        N_(
            "Vuelva a intentar en unos minutos. Si el problema sigue, escríbanos: el correo está en los "
            "términos y condiciones."
        ),
    ),
}
"""Every public code. Hidden ones (`ErrorCode.public`) have no text of their own, on purpose."""

REFERENCES: Final[dict[ErrorCode, int]] = {
    ErrorCode.MALFORMED_BODY: 1,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: 2,
    ErrorCode.BODY_TOO_LARGE: 3,
    ErrorCode.INVALID_INPUT: 4,
    ErrorCode.IDEMPOTENCY_KEY_REUSED: 5,
    ErrorCode.IDENTITY_MISMATCH: 6,
    ErrorCode.TERMS_NOT_ACCEPTED: 7,
    ErrorCode.TERMS_OUTDATED: 8,
    ErrorCode.MODALITY_NOT_OFFERED: 9,
    ErrorCode.STUDENT_DECEASED: 10,
    ErrorCode.APPLICANT_DECEASED: 11,
    ErrorCode.APPLICANT_IS_STUDENT: 12,
    ErrorCode.TOO_YOUNG_TO_ASK_ALONE: 13,
    ErrorCode.ADULT_MUST_ASK_IN_PERSON: 14,
    ErrorCode.KINSHIP_NOT_REGISTERED: 15,
    ErrorCode.GUARDIAN_NOT_REGISTERED: 16,
    ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR: 17,
    ErrorCode.LEVEL_NOT_STUDIED: 18,
    ErrorCode.NO_RESULTS_YET: 19,
    ErrorCode.ACTA_UNDER_REVIEW: 20,
    ErrorCode.REGISTRY_UNAVAILABLE: 21,
    ErrorCode.REGISTRY_LIMIT_REACHED: 22,
    ErrorCode.REGISTRY_INCONSISTENT: 23,
    ErrorCode.TOO_MANY_ATTEMPTS: 24,
    ErrorCode.TOO_MANY_REQUESTS: 25,
    ErrorCode.DAILY_LIMIT_REACHED: 26,
    ErrorCode.DRAFT_MISSING: 27,
    ErrorCode.DRAFT_EXPIRED: 28,
    ErrorCode.DRAFT_UNREADABLE: 29,
    ErrorCode.DRAFT_TOO_LARGE: 30,
    ErrorCode.REQUEST_NOT_FOUND: 31,
    ErrorCode.CERTIFICATE_NOT_FOUND: 32,
    ErrorCode.NOT_ENTITLED: 33,
    ErrorCode.NO_LONGER_VALID: 34,
    ErrorCode.SEAL_CHAIN_NOT_INSTALLED: 35,
    ErrorCode.ROUTE_NOT_FOUND: 36,
    ErrorCode.METHOD_NOT_ALLOWED: 37,
    ErrorCode.CROSS_SITE_FORM: 38,
    ErrorCode.REFUSED_AT_THE_GATE: 39,
    ErrorCode.INTERNAL: 40,
}
"""What people are shown of a code, to tell it to whoever helps. A number is given once, and never again."""

FIELD_PROBLEMS: Final[dict[FieldErrorCode, str]] = {
    FieldErrorCode.MISSING: N_("Falta este dato."),
    FieldErrorCode.UNKNOWN_FIELD: N_("Este dato no se pide aquí; quítelo."),
    FieldErrorCode.WRONG_TYPE: N_("Este dato no es del tipo que se espera."),
    FieldErrorCode.TOO_LONG: N_("Es demasiado largo: como máximo {limit} caracteres."),
    FieldErrorCode.TOO_SHORT: N_("Es demasiado corto: como mínimo {limit} caracteres."),
    FieldErrorCode.NOT_A_CHOICE: N_("Elija una de las opciones que se ofrecen."),
    FieldErrorCode.INVALID_FORMAT: N_("No tiene el formato que se espera; revíselo."),
    FieldErrorCode.INVALID_CHECK_CHARACTER: N_("Está mal escrito: el carácter de control no coincide."),
    FieldErrorCode.HIDDEN_CHARACTER: N_(
        "Hay un carácter que no se ve, como los que vienen al copiar de otro texto. Borre todo y "
        "escríbalo de nuevo."
    ),
    FieldErrorCode.UNKNOWN_PLACE: N_("No existe un distrito con ese código o esos nombres."),
    FieldErrorCode.NOT_APPLICABLE: N_("Este dato no corresponde a lo que eligió; quítelo."),
    FieldErrorCode.NOT_ACCEPTED: N_("Lea los términos y marque la casilla si está de acuerdo."),
    FieldErrorCode.NOT_IN_FORCE: N_(
        "Esa versión ya no es la vigente: lea la vigente y acéptela para continuar."
    ),
}
