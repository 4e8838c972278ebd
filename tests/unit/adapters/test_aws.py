"""Clients of AWS give up before Lambda ends the function that waits for them."""

from constancia.adapters.aws import CONFIG
from infra.local.template import Template

TO_ANSWER = 2  # seconds that a function has left when a service never answered


def test_a_service_that_says_nothing_leaves_every_function_time_to_answer(template: Template) -> None:
    attempts = CONFIG.retries["total_max_attempts"]  # type: ignore[attr-defined]
    waits = attempts * (CONFIG.connect_timeout + CONFIG.read_timeout)  # type: ignore[attr-defined]
    pauses = sum(2**retry for retry in range(attempts - 1))  # at most; botocore's standard mode

    timeouts = [function.properties["Timeout"] for function in template.of_type("AWS::Lambda::Function")]

    assert waits + pauses + TO_ANSWER <= min(timeouts)
