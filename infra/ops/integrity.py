"""Is every stored file the one that was issued, and has every certificate its file?

Everything is gone through, page by page: the keys of the bucket in their order, then the data bank by a Scan,
since what has no file is found in no other way. After each page it is written down how far it came, so that
it can be stopped and goes on where it was.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

from botocore.exceptions import ClientError

from constancia.adapters.files import UNRECORDED
from constancia.adapters.items import certificate_key
from constancia.adapters.operations import OperationsStore
from constancia.domain.certificate import CertificateState
from constancia.domain.seal import NO_CHAIN
from constancia.domain.virtual_code import VirtualCode
from infra.ops.stage import Stage

_KEY: Final = re.compile(r"certificates/([0-9A-Z]{12})/([0-9a-f]{64})\.pdf", re.ASCII)
_PREFIX: Final = "certificates/"
_FILES: Final = 100
"""In a page: some seconds of work."""
_RECORDS: Final = 500

type Judge = Callable[[bytes], bool]
"""Whether a file's seal is ours and holds for the whole of it."""


class Fault(StrEnum):
    """What is not as it should be."""

    OTHER_BYTES = "other bytes"
    """The file's bytes are not those of the digest in its name."""
    SEAL = "seal"
    """The seal does not hold, or is not ours."""
    NO_RECORD = "no record"
    """No certificate names the file, and it has not the tag with which the bucket forgets it."""
    NOT_INDEXED = "not indexed"
    """The certificate is not found by its file's digest."""
    FORGETTABLE = "forgettable"
    """A certificate names the file, and it has the tag with which the bucket would forget it."""
    NO_FILE = "no file"
    """A certificate's file is not there."""
    STRANGE_NAME = "strange name"
    """Something in the folder of the files has no name of ours."""


@dataclass
class Progress:
    """How far it came, and what was found: JSON in a file."""

    stage: str
    phase: str = "files"
    after: Any = None
    """The last key of the bucket, or the data bank's last evaluated key, of the pages that are done."""
    files: int = 0
    leftovers: int = 0
    """Files that no record names and that the bucket forgets by itself (docs/adr/0130)."""
    records: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def kept(cls, path: Path, stage: str) -> Self:
        """What a run that was stopped left, or the beginning.

        Raises:
            ValueError: the file is another stage's, or none of ours.
        """
        try:
            values = json.loads(path.read_text("utf-8"))
            kept = cls(**values)
        except FileNotFoundError:
            return cls(stage)
        except (OSError, ValueError, TypeError):
            raise ValueError(
                f"{path} is no progress of `constancia ops check`: give another --progress"
            ) from None
        if kept.stage != stage:
            raise ValueError(f"{path} is of the stage {kept.stage}, not of {stage}: give another --progress")
        kept.faults = [(kind, what) for kind, what in kept.faults]
        return kept

    def keep(self, path: Path) -> None:
        """Write it down, whole or not at all."""
        new = path.with_name(path.name + ".new")
        new.write_text(json.dumps(asdict(self)), "utf-8")
        new.replace(path)


@dataclass(frozen=True)
class Inspection:
    """Goes through everything. `judge` is None where seals are not judged."""

    stage: Stage
    store: OperationsStore
    judge: Judge | None
    path: Path
    files_a_page: int = _FILES

    def run(self, progress: Progress) -> Iterator[tuple[Fault, str]]:
        """Go on from a progress to the end, telling each fault once its page is done."""
        if progress.phase == "files":
            yield from self._files(progress)
            progress.phase, progress.after = "records", None
            progress.keep(self.path)
        yield from self._records(progress)
        self.path.unlink(missing_ok=True)

    def _files(self, progress: Progress) -> Iterator[tuple[Fault, str]]:
        s3 = self.stage.client("s3")
        while True:
            begin = {"StartAfter": progress.after} if progress.after else {}
            page = s3.list_objects_v2(
                Bucket=self.stage.bucket_name, Prefix=_PREFIX, MaxKeys=self.files_a_page, **begin
            )
            keys = [one["Key"] for one in page.get("Contents", ())]
            found, leftovers = [], 0
            for key in keys:
                faults, leftover = self._judged(key)
                found += [(fault, key) for fault in faults]
                leftovers += leftover
            if not keys:
                return
            progress.after = keys[-1]
            progress.files += len(keys)
            progress.leftovers += leftovers
            yield from self._kept(progress, found)
            if not page["IsTruncated"]:
                return

    def _records(self, progress: Progress) -> Iterator[tuple[Fault, str]]:
        dynamodb = self.stage.client("dynamodb")
        while True:
            begin = {"ExclusiveStartKey": progress.after} if progress.after else {}
            page = dynamodb.scan(
                TableName=self.stage.table_name,
                Limit=_RECORDS,
                ProjectionExpression="pk, code, sha256",
                FilterExpression="begins_with(pk, :kind) AND attribute_exists(sha256)",
                ExpressionAttributeValues={":kind": {"S": certificate_key(VirtualCode(""))}},
                **begin,
            )
            found = []
            for item in page["Items"]:
                key = f"{_PREFIX}{item['code']['S']}/{item['sha256']['S']}.pdf"
                if not self._is_there(key):
                    found.append((Fault.NO_FILE, key))
            progress.records += len(page["Items"])
            progress.after = page.get("LastEvaluatedKey")
            yield from self._kept(progress, found)
            if progress.after is None:
                return

    def _kept(self, progress: Progress, found: list[tuple[Fault, str]]) -> Iterator[tuple[Fault, str]]:
        progress.faults += [(fault.value, what) for fault, what in found]
        progress.keep(self.path)
        yield from found

    def _judged(self, key: str) -> tuple[list[Fault], bool]:
        """The faults of a file, and whether it is a leftover."""
        named = _KEY.fullmatch(key)
        if named is None:
            return [Fault.STRANGE_NAME], False
        code, sha256 = VirtualCode(named[1]), named[2]
        s3, bucket = self.stage.client("s3"), self.stage.bucket_name
        certificate = self.store.certificate(code)
        recorded = (
            certificate is not None
            and certificate.state is not CertificateState.PENDING
            and certificate.sha256 == sha256
        )
        try:
            tags = s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
            data = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
                raise
            return [], False  # forgotten since it was listed; if a record names it, the second part says so
        marked = any(f"{tag['Key']}={tag['Value']}" == UNRECORDED for tag in tags)
        if not recorded:
            return ([], True) if marked else ([Fault.NO_RECORD], False)
        faults = [Fault.FORGETTABLE] if marked else []
        if self.store.by_digest(sha256) != code:
            faults.append(Fault.NOT_INDEXED)
        if hashlib.sha256(data).hexdigest() != sha256:
            faults.append(Fault.OTHER_BYTES)
        if self.judge is not None and not self.judge(data):
            faults.append(Fault.SEAL)
        return faults, False

    def _is_there(self, key: str) -> bool:
        try:
            self.stage.client("s3").head_object(Bucket=self.stage.bucket_name, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"404", "NoSuchKey"}:
                raise
            return False
        return True


def judge_of(stage: Stage) -> Judge | None:
    """Judges seals by the chain that is installed; None where there is none."""
    pem = stage.client("ssm").get_parameter(Name=stage.seal_chain)["Parameter"]["Value"]
    if pem == NO_CHAIN:
        return None
    # pyHanko and all that it brings along, for this alone
    from infra.verify.seals import Sealers, examine  # noqa: PLC0415

    sealers = Sealers.of_chain(pem.encode())
    return lambda data: examine(data, sealers).whole
