"""Signatures by KMS, where moto goes wrong: a message that is a digest already is hashed once more, and GetPublicKey names
the key by its id and not by its ARN.
"""

import base64
import json

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from moto.kms.responses import KmsResponse

DIGEST_LENGTH = 32


def patch_moto() -> None:
    """Once, before the first signature."""
    sign = KmsResponse.sign

    def with_digests(self: KmsResponse) -> str:
        answer = sign(self)
        if self._get_param("MessageType") != "DIGEST":
            return answer
        message = self._get_param("Message")
        if len(message) != DIGEST_LENGTH:
            raise ValueError("a digest for ECDSA_SHA_256 has 32 bytes")
        key = self.kms_backend.describe_key(self._get_param("KeyId")).private_key.private_key
        signature = key.sign(message, ec.ECDSA(Prehashed(SHA256())))
        return json.dumps({**json.loads(answer), "Signature": base64.b64encode(signature).decode()})

    public_key = KmsResponse.get_public_key

    def with_arn(self: KmsResponse) -> str:
        answer = json.loads(public_key(self))
        return json.dumps({**answer, "KeyId": self.kms_backend.describe_key(answer["KeyId"]).arn})

    KmsResponse.get_public_key = with_arn  # type: ignore[method-assign]
    KmsResponse.sign = with_digests  # type: ignore[method-assign]
