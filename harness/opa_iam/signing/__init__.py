"""Signed bundles: keys, signatures as OPA reads them, and a verification that takes nothing on trust.

OPA keeps a bundle's signature in `.signatures.json`: a JSON Web Token that names every file with its digest. What OPA
lets pass is refused here: another algorithm than the key's, a key under another name, weak digests, names that are not
as OPA writes them.
"""

from opa_iam.signing.algorithms import ALGORITHMS
from opa_iam.signing.keys import PrivateKey, PublicKey, private_key, public_key
from opa_iam.signing.making import Made, make
from opa_iam.signing.signatures import Signer, Verified, verify

__all__ = [
    "ALGORITHMS",
    "Made",
    "PrivateKey",
    "PublicKey",
    "Signer",
    "Verified",
    "make",
    "private_key",
    "public_key",
    "verify",
]
