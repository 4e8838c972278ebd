import json
from io import StringIO

import pytest
from aws_lambda_powertools import Logger

from constancia.domain.errors import DomainError, ErrorCode
from constancia.web.journal import Journal


def test_a_refusal_is_logged_and_counted_by_its_precise_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Constancia")
    log = StringIO()

    Journal(Logger(service="test-journal", stream=log)).refused(DomainError(ErrorCode.FATHER_NAME_MISMATCH))

    assert json.loads(log.getvalue())["code"] == "father_name_mismatch"
    counted = json.loads(capsys.readouterr().out)
    (directive,) = counted["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Constancia"
    assert directive["Dimensions"] == [["code"]]
    assert [metric["Name"] for metric in directive["Metrics"]] == ["Refusals"]
    assert (counted["Refusals"], counted["code"]) == ([1.0], "father_name_mismatch")
