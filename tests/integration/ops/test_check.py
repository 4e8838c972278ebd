"""Every file against its digest, seal and record, every record against its file: what is wrong is found."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from constancia.domain.virtual_code import VirtualCode, new_virtual_code
from infra.ops.integrity import Inspection
from tests.integration.ops.conftest import Office


@pytest.fixture
def check(office: Office, tmp_path: Path) -> Any:
    """Types `check`, and answers how it ended and the faults by kind."""

    def checked(*options: str) -> tuple[int, list[tuple[str, str]]]:
        said = office.ops("check", "--progress", str(tmp_path / "progress.json"), *options)
        faults = [
            line.removeprefix("FAULT ").split(": ") for line in said.out.splitlines() if "FAULT" in line
        ]
        return said.code, [(kind, what) for kind, what in faults]

    return checked


@pytest.fixture
def file(office: Office) -> str:
    """The key of a file that was issued."""
    code = office.issued("sixteen")
    return f"certificates/{code}/{office.item(f'CERT#{code}')['sha256']['S']}.pdf"


def code_of(key: str) -> VirtualCode:
    return VirtualCode(key.split("/")[1])


class Bucket:
    """What may happen to a bucket that operators should hear of."""

    def __init__(self, office: Office) -> None:
        self.s3, self.name = office.aws.client("s3"), office.aws.ref("Bucket")

    def read(self, key: str) -> bytes:
        data: bytes = self.s3.get_object(Bucket=self.name, Key=key)["Body"].read()
        return data

    def put(self, key: str, data: bytes, tags: str = "") -> None:
        self.s3.put_object(Bucket=self.name, Key=key, Body=data, Tagging=tags)

    def lose(self, key: str) -> None:
        self.s3.delete_object(Bucket=self.name, Key=key)


@pytest.fixture
def bucket(office: Office) -> Bucket:
    return Bucket(office)


def test_what_was_issued_is_sound(check: Any, file: str) -> None:
    assert check() == (0, [])


def test_a_file_with_other_bytes_is_found(check: Any, file: str, bucket: Bucket) -> None:
    whole = bucket.read(file)
    bucket.put(file, whole + b"\n")
    try:
        assert check() == (8, [("other bytes", file), ("seal", file)])
        assert check("--without-seals") == (8, [("other bytes", file)])
    finally:
        bucket.put(file, whole)


def test_a_file_whose_seal_is_not_ours_is_found_though_its_digest_is_right(
    office: Office, check: Any, file: str, bucket: Bucket
) -> None:
    """As if somebody had put another file, and changed the record with it."""
    code, forged = code_of(file), b"%PDF-1.7 no seal of anybody"
    sha256 = hashlib.sha256(forged).hexdigest()
    key = f"certificates/{code}/{sha256}.pdf"
    bucket.put(key, forged)
    before, digest = office.item(f"CERT#{code}"), office.item(f"SHA256#{file[-68:-4]}")
    table = office.aws.ref("Table")
    dynamodb = office.aws.client("dynamodb")
    dynamodb.put_item(TableName=table, Item={**before, "sha256": {"S": sha256}})
    dynamodb.put_item(TableName=table, Item={**digest, "pk": {"S": f"SHA256#{sha256}"}})
    try:
        code_, faults = check()
        assert (code_, sorted(faults)) == (8, sorted([("seal", key), ("no record", file)]))
    finally:
        dynamodb.put_item(TableName=table, Item=before)
        dynamodb.delete_item(TableName=table, Key={"pk": {"S": f"SHA256#{sha256}"}})
        bucket.lose(key)


def test_a_record_without_its_file_is_found(check: Any, file: str, bucket: Bucket) -> None:
    whole = bucket.read(file)
    bucket.lose(file)
    try:
        assert check() == (8, [("no file", file)])
    finally:
        bucket.put(file, whole)


def test_a_file_that_no_record_names_is_found_and_one_that_goes_by_itself_is_none(
    office: Office, check: Any, file: str, bucket: Bucket, tmp_path: Path
) -> None:
    stray = f"certificates/{new_virtual_code()}/{'0a' * 32}.pdf"
    leftover = f"certificates/{code_of(file)}/{'0b' * 32}.pdf"
    bucket.put(stray, b"%PDF")
    bucket.put(leftover, b"%PDF", "recorded=no")
    bucket.put("certificates/readme.txt", b"hola")
    try:
        code, faults = check()
        assert (code, sorted(faults)) == (
            8,
            [("no record", stray), ("strange name", "certificates/readme.txt")],
        )
        said = office.ops("check", "--progress", str(tmp_path / "other.json"), "--without-seals")
        assert "1 file without a record; the bucket forgets such by itself" in said.out
    finally:
        for key in (stray, leftover, "certificates/readme.txt"):
            bucket.lose(key)


def test_a_file_that_the_bucket_would_forget_is_found(check: Any, file: str, bucket: Bucket) -> None:
    bucket.put(file, bucket.read(file), "recorded=no")
    try:
        assert check() == (8, [("forgettable", file)])
    finally:
        bucket.put(file, bucket.read(file))


def test_a_certificate_that_its_file_does_not_lead_to_is_found(office: Office, check: Any, file: str) -> None:
    key = {"pk": {"S": f"SHA256#{file[-68:-4]}"}}
    item = office.item(key["pk"]["S"])
    office.aws.client("dynamodb").delete_item(TableName=office.aws.ref("Table"), Key=key)
    try:
        assert check() == (8, [("not indexed", file)])
    finally:
        office.aws.client("dynamodb").put_item(TableName=office.aws.ref("Table"), Item=item)


def test_stopped_in_the_middle_it_goes_on_where_it_was_and_forgets_no_fault(
    office: Office, bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = f"certificates/{'0' * 12}/{'0a' * 32}.pdf"
    bucket.put(first, b"%PDF")
    for _ in range(3):
        office.issued("sixteen")
    monkeypatch.setattr(Inspection.__init__, "__defaults__", (2,))
    judged, real = [], Inspection._judged

    def stops(self: Inspection, key: str) -> Any:
        judged.append(key)
        if len(judged) == 4:
            raise KeyboardInterrupt
        return real(self, key)

    monkeypatch.setattr(Inspection, "_judged", stops)
    options = ("check", "--without-seals", "--progress", str(tmp_path / "progress.json"))
    try:
        stopped = office.ops(*options)
        assert (stopped.code, stopped.out) == (130, f"FAULT no record: {first}\n")
        assert "stopped after 2 files and 0 records; the same command goes on" in stopped.err
        kept = json.loads((tmp_path / "progress.json").read_text())
        assert (kept["files"], kept["after"]) == (2, judged[1])

        ended = office.ops(*options)
    finally:
        bucket.lose(first)

    assert ended.code == 8
    assert ended.out.startswith("Going on after 2 files")
    assert ended.out.count(f"FAULT no record: {first}") == 1
    assert judged[4:6] == judged[2:4]  # the page that it was stopped in
    assert not set(judged[:2]) & set(judged[4:])
    assert not (tmp_path / "progress.json").exists()
    assert [one[1] for one in office.by_operators("ALL", looks=True)[-3:]] == ["begun", "begun", "faults"]


def test_a_progress_of_another_stage_is_refused(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    for text, why in (
        ('{"stage": "prod"}', "is of the stage prod, not of dev"),
        ("{", "is no progress"),
    ):
        path.write_text(text)
        said = office.ops("check", "--progress", str(path))
        assert said.code == 2
        assert why in said.err


def test_without_a_chain_seals_are_not_judged_in_silence(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssm, name = office.aws.client("ssm"), office.aws.ref("SealChain")
    chain = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    ssm.put_parameter(Name=name, Value="none", Overwrite=True)
    try:
        said = office.ops("check", "--progress", str(tmp_path / "progress.json"))
    finally:
        ssm.put_parameter(Name=name, Value=chain, Overwrite=True)

    assert said.code == 1
    assert "no chain is installed" in said.err
