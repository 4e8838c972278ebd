"""The clocks and the calendar of Lima, by which Peru counts days."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from constancia.domain.messages import N_

# Peru has kept UTC-5 without daylight saving since 1994; so no time zone database is needed.
LIMA: Final = timezone(timedelta(hours=-5), "America/Lima")

MONTHS: Final = (
    *(N_("enero"), N_("febrero"), N_("marzo"), N_("abril"), N_("mayo"), N_("junio")),
    *(N_("julio"), N_("agosto"), N_("septiembre"), N_("octubre"), N_("noviembre"), N_("diciembre")),
)


def day_in_words(day: date) -> str:
    """A day as it stands in a Spanish sentence: `6 de diciembre de 2026`."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def end_of_day(at: datetime) -> datetime:
    """The midnight in Lima that ends the day of a moment."""
    return datetime.combine(date_in_lima(at) + timedelta(days=1), time(), LIMA)


def date_in_lima(at: datetime) -> date:
    """The date in Lima at a moment, which has to know its time zone."""
    return at.astimezone(LIMA).date()
