import pytest

from constancia.adapters.queue import RenderMessage
from tests.builders import REQUEST_ID


def test_a_message_reads_back() -> None:
    assert RenderMessage.parse(f'{{"request_id": "{REQUEST_ID}"}}').request_id == REQUEST_ID


@pytest.mark.parametrize(
    "body", ["", "null", "[]", "{}", '{"request_id": 7}', '{"request_id": "a", "email": "b"}']
)
def test_what_is_not_a_message_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|Expected|contains unknown|missing required|truncated"):
        RenderMessage.parse(body)
