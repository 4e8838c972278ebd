"""SIAGIE: a student's trajectory (`infra/registries/siagie.openapi.yaml`)."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from constancia.adapters.registries.client import RegistryClient
from constancia.adapters.registries.wire import Answer, Day, Name, Text, Ubigeo
from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.school import (
    ActaState,
    Enrolment,
    Kinship,
    Level,
    Modality,
    Observation,
    ObservationKind,
    Relative,
    Result,
    ResultKind,
    Scale,
    School,
    Trajectory,
)

# Codes of SIAGIE, from `data/curriculum.json`.
_MODALITIES: Final = {"01": Modality.EBR, "03": Modality.EBA, "04": Modality.EBE}
_LEVELS: Final = {
    "A1": Level.INICIAL,
    "A2": Level.INICIAL,
    "A3": Level.INICIAL,
    "A5": Level.INICIAL,
    "B0": Level.PRIMARIA,
    "F0": Level.SECUNDARIA,
}
_GRADES: Final = {
    Level.PRIMARIA: {"04": "1", "05": "2", "06": "3", "07": "4", "08": "5", "09": "6"},
    Level.SECUNDARIA: {"10": "1", "11": "2", "12": "3", "13": "4", "14": "5"},
}
_KINDS: Final = {"001": ResultKind.AREA, "002": ResultKind.WORKSHOP, "003": ResultKind.TRANSVERSAL}
_ACTAS: Final = {
    "APROBADA": ActaState.APPROVED,
    "EN_REVISION": ActaState.UNDER_REVIEW,
    "EN_RECTIFICACION": ActaState.UNDER_RECTIFICATION,
    "ABIERTA": ActaState.OPEN,
}
_OBSERVATIONS: Final = {
    "1": ObservationKind.WITHDRAWAL,
    "2": ObservationKind.TRANSFER,
    "3": ObservationKind.PLACEMENT_TEST,
    "4": ObservationKind.EQUIVALENCE,
}
_KINSHIPS: Final = {"MADRE": Kinship.MOTHER, "PADRE": Kinship.FATHER, "APODERADO": Kinship.GUARDIAN}

type _Year = Annotated[int, Field(ge=1980, le=2100)]
type _LevelCode = Literal["A1", "A2", "A3", "A5", "B0", "F0"]


class _Document(Answer):
    tipo: Literal["DNI", "CE"]
    numero: str

    @model_validator(mode="after")
    def _is_a_number_of_its_type(self) -> Self:
        if self.document.number != self.numero:
            raise ValueError("not a canonical number")
        return self

    @property
    def document(self) -> IdentityDocument:
        return IdentityDocument.parse(DocumentType(self.tipo), self.numero)


class _Relative(Answer):
    vinculo: Literal["MADRE", "PADRE", "APODERADO"]
    documento: _Document

    def relative(self) -> Relative:
        return Relative(_KINSHIPS[self.vinculo], self.documento.document)


class _School(Answer):
    codigo_modular: Annotated[str, StringConstraints(pattern=r"^[0-9]{7}$")]
    anexo: Annotated[str, StringConstraints(pattern=r"^[0-9]$")]
    nombre: Text
    ubigeo: Ubigeo | None

    def school(self) -> School:
        return School(self.codigo_modular, self.anexo, self.nombre, self.ubigeo)


class _Mark(Answer):
    tipo_area: Literal["001", "002", "003"]
    area: Text
    competencia: Text | None
    calificativo: Annotated[str, StringConstraints(pattern=r"^(AD|A|B|C|EXO|[01][0-9]|20)$")]

    def result(self) -> Result:
        return Result(
            kind=_KINDS[self.tipo_area],
            area=self.area,
            competencia=self.competencia,
            mark=self.calificativo,
            scale=_scale(self.calificativo),
        )


class _Enrolment(Answer):
    anio: _Year
    modalidad: Literal["01", "03", "04"]
    nivel: _LevelCode
    grado: str | None
    edad: Annotated[int, Field(ge=0, le=5)] | None
    institucion: _School
    estado_acta: Literal["APROBADA", "EN_REVISION", "EN_RECTIFICACION", "ABIERTA"]
    situacion_final: Text | None
    calificativos: Annotated[tuple[_Mark, ...], Field(max_length=200)]

    @model_validator(mode="after")
    def _has_a_grade_of_its_level(self) -> Self:
        level = _LEVELS[self.nivel]
        if level is Level.INICIAL:
            consistent = self.edad is not None and self.grado is None
        else:
            consistent = self.edad is None and self.grado in _GRADES[level]
        if not consistent:
            raise ValueError("the grade is not one of the level")
        return self

    @model_validator(mode="after")
    def _says_one_thing_of_each_row(self) -> Self:
        said = {
            (mark.tipo_area, mark.area, mark.competencia, mark.calificativo) for mark in self.calificativos
        }
        if len(said) > len({row[:3] for row in said}):
            raise ValueError("two marks for the same row")
        return self

    def enrolment(self) -> Enrolment:
        level = _LEVELS[self.nivel]
        return Enrolment(
            year=self.anio,
            modality=_MODALITIES[self.modalidad],
            level=level,
            grade=str(self.edad) if self.grado is None else _GRADES[level][self.grado],
            school=self.institucion.school(),
            acta=_ACTAS[self.estado_acta],
            final_situation=self.situacion_final,
            results=tuple(mark.result() for mark in self.calificativos),
        )


class _Observation(Answer):
    anio: _Year
    nivel: _LevelCode
    tipo: Literal["1", "2", "3", "4"]
    resolucion: Text
    motivo: Text

    def observation(self) -> Observation:
        return Observation(
            self.anio, _LEVELS[self.nivel], _OBSERVATIONS[self.tipo], self.resolucion, self.motivo
        )


class _Trajectory(Answer):
    codigo_estudiante: Annotated[str, StringConstraints(pattern=r"^[0-9]{14}$")]
    documento: _Document
    nombres: Name
    apellido_paterno: Name | None
    apellido_materno: Name | None
    fecha_nacimiento: Day
    familiares: Annotated[tuple[_Relative, ...], Field(max_length=20)]
    matriculas: Annotated[tuple[_Enrolment, ...], Field(max_length=60)]
    observaciones: Annotated[tuple[_Observation, ...], Field(max_length=100)]


class HttpSchoolSystem:
    """The port `SchoolSystem` over HTTP."""

    def __init__(self, client: RegistryClient) -> None:
        self._client = client

    def check(self) -> None:
        """Raise at once where asking is known to be in vain."""
        self._client.check()

    def trajectory(self, document: IdentityDocument) -> Trajectory | None:
        """All that the school system has of a student, every year and level."""
        query = {"documento": {"tipo": document.type.value, "numero": document.number}}
        found = self._client.ask(
            "/trayectorias/consulta",
            query,
            _Trajectory,
            subject=document.number,
            doubt=lambda one: None if one.documento.document == document else "another person's record",
        )
        if found is None:
            return None
        return Trajectory(
            student_code=found.codigo_estudiante,
            document=document,
            name=PersonName(found.nombres, found.apellido_paterno, found.apellido_materno),
            birth_date=found.fecha_nacimiento,
            relatives=tuple(relative.relative() for relative in found.familiares),
            enrolments=tuple(enrolment.enrolment() for enrolment in found.matriculas),
            observations=tuple(observation.observation() for observation in found.observaciones),
        )


def _scale(mark: str) -> Scale:
    if mark == "EXO":
        return Scale.EXEMPT
    return Scale.VIGESIMAL if mark.isdigit() else Scale.LITERAL
