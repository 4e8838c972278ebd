from dataclasses import dataclass

import pytest

from constancia.settings import SettingsError, read_settings


@dataclass(frozen=True)
class Example:
    table_name: str
    request_days: int
    mail_from: str = "x"


def test_settings_are_read_by_their_names_in_their_types() -> None:
    environment = {"TABLE_NAME": "bank", "REQUEST_DAYS": "7", "OTHER": "1"}

    assert read_settings(Example, environment) == Example("bank", 7)


def test_a_missing_setting_fails_by_its_name() -> None:
    with pytest.raises(SettingsError, match="request_days"):
        read_settings(Example, {"TABLE_NAME": "bank"})


def test_an_unreadable_setting_fails_by_its_name_without_its_value() -> None:
    with pytest.raises(SettingsError, match="request_days") as failure:
        read_settings(Example, {"TABLE_NAME": "bank", "REQUEST_DAYS": "secreto"})
    assert "secreto" not in str(failure.value)
