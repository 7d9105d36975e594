"""Checks a statement of in-toto with SLSA's predicate, and its envelope: RELEASE STATEMENT [ENVELOPE PUBLIC_KEY]

Every file of the release is a subject of it, with the right sum, and nothing else is. The public
key is its 32 bytes in hexadecimal digits.
"""

import hashlib
import json
import pathlib
import sys

from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2



def require(holds, what):
    """Not `assert`, which an environment can switch off."""
    if not holds:
        raise SystemExit(f"the provenance is wrong: {what}")


release, name = pathlib.Path(sys.argv[1]), sys.argv[2]
text = (release / name).read_text(encoding="utf-8")
data = json.loads(text)
# Fields that they do not know are errors.
json_format.ParseDict(data, statement_pb2.Statement())
require(data["predicateType"] == "https://slsa.dev/provenance/v1", "another predicate")
json_format.ParseDict(data["predicate"], provenance_pb2.Provenance())

subjects = {subject["name"]: subject["digest"]["sha256"] for subject in data["subject"]}
files = {
    path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
    for path in release.glob("*/**/*")
    if path.is_file() and path.relative_to(release).parts[0] != "provenance"
}
require(subjects == files, sorted(set(subjects.items()) ^ set(files.items()))[:3])
print(f"the statement is valid and names all {len(files)} files")

if len(sys.argv) > 3:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import SSlibKey

    raw = bytes.fromhex(sys.argv[4])
    keyid = hashlib.sha256(raw).hexdigest()
    envelope = Envelope.from_dict(json.loads((release / sys.argv[3]).read_text(encoding="utf-8")))
    key = SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(raw), keyid=keyid)
    envelope.verify([key], 1)
    require(envelope.payload.decode() == text, "the envelope has another statement")
    print("the envelope has a valid signature of this very statement")
