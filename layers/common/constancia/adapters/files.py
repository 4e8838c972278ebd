"""The bucket of the certificates' files."""

import base64
import re
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from constancia.domain.virtual_code import VirtualCode

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LINK_SECONDS = 300
UNRECORDED = "recorded=no"
"""The tag of a file that no record names yet: the bucket's lifecycle removes what keeps it for weeks."""
_MEDIA_TYPE = "application/pdf"


class S3FileStore:
    """Port `FileStore` over a closed, versioned, encrypted bucket.

    The key carries the file's digest: two drawings of one certificate that differ never overwrite each other,
    and the one that is handed out is the one whose digest was recorded (ADR 0041).
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, code: VirtualCode, sha256: str, pdf: bytes) -> None:
        """Store a file, unless it is there. S3 refuses it if the bytes that arrive have another digest.

        Its tag is what the bucket's lifecycle looks for (template.yaml). A file that is there stays as it is,
        so that no late delivery marks one that is kept.
        """
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=_key(code, sha256),
                Body=pdf,
                ContentType=_MEDIA_TYPE,
                ChecksumSHA256=base64.b64encode(bytes.fromhex(sha256)).decode(),
                Tagging=UNRECORDED,
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise

    def keep(self, code: VirtualCode, sha256: str) -> None:
        """Take the tag off."""
        self._client.delete_object_tagging(Bucket=self._bucket, Key=_key(code, sha256))

    def download_url(self, code: VirtualCode, sha256: str, filename: str) -> str:
        """Sign a link of five minutes that downloads the file under a name (ASCII; anything else is `_`)."""
        name = re.sub(r"[^A-Za-z0-9._-]", "_", filename)
        return self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": _key(code, sha256),
                "ResponseContentDisposition": f'attachment; filename="{name}"',
                "ResponseContentType": _MEDIA_TYPE,
                "ResponseCacheControl": "private, no-store",
            },
            ExpiresIn=LINK_SECONDS,
        )


def _key(code: VirtualCode, sha256: str) -> str:
    return f"certificates/{code}/{sha256}.pdf"
