"""The keys of the verifiers, those of strangers, and every form in which a public key lies about."""
import base64
import functools
import hashlib
import json
import secrets

from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from jwcrypto import jwk


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class Key:
    """A private key, or a secret of HMAC."""

    def __init__(self, algorithm, private=None, secret=None):
        self.algorithm, self.private, self.secret = algorithm, private, secret

    @functools.cached_property
    def as_jwk(self):
        if self.secret is not None:
            return jwk.JWK(kty="oct", k=b64u(self.secret).decode())
        return jwk.JWK.from_pyca(self.private)

    def public_jwk(self, **more):
        return {**json.loads(self.as_jwk.export_public()), **more}

    def private_pem(self):
        return self.private.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())

    def public(self, encoding, form):
        return self.private.public_key().public_bytes(encoding, form)

    def pem(self):
        return self.public(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)

    def forms(self):
        """What somebody might take for the secret: name → bytes."""
        pem, der = self.pem(), self.public(s.Encoding.DER, s.PublicFormat.SubjectPublicKeyInfo)
        member = self.public_jwk()
        known = {
            "PEM": pem,
            "PEM without its last newline": pem[:-1],
            "PEM with carriage returns": pem.replace(b"\n", b"\r\n"),
            "PEM in one line": pem.replace(b"\n", b""),
            "PEM with a blank after it": pem + b" ",
            "body of the PEM": b"".join(pem.splitlines()[1:-1]),
            "DER": der,
            "DER in hexadecimal": der.hex().encode(),
            "SHA-256 of the DER": hashlib.sha256(der).digest(),
            "JWK": json.dumps(member, separators=(",", ":")).encode(),
            "JWK with blanks": json.dumps(member).encode(),
            "thumbprint of the JWK": self.as_jwk.thumbprint().encode(),
            "OpenSSH form": self.ssh(),
        }
        for name in "n", "x", "y", "e":
            if name in member:
                known[f"{name} as bytes"] = base64.urlsafe_b64decode(member[name] + "==")
                known[f"{name} as text"] = member[name].encode()
        if isinstance(self.private, rsa.RSAPrivateKey):
            known["PEM of PKCS 1"] = self.public(s.Encoding.PEM, s.PublicFormat.PKCS1)
            known["DER of PKCS 1"] = self.public(s.Encoding.DER, s.PublicFormat.PKCS1)
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            known["point"] = self.public(s.Encoding.X962, s.PublicFormat.UncompressedPoint)
            known["compressed point"] = self.public(s.Encoding.X962, s.PublicFormat.CompressedPoint)
        return known

    def ssh(self):
        return self.public(s.Encoding.OpenSSH, s.PublicFormat.OpenSSH)


def make_rsa(bits=2048, exponent=65537):
    return Key("RS256", rsa.generate_private_key(exponent, bits))


def make_ec(curve):
    names = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512", "secp256k1": "ES256K"}
    return Key(names[curve.name], ec.generate_private_key(curve))


def make_secret(data):
    return Key("HS256", secret=data)


class Keys(dict):
    """By name; each is made when it is asked for first."""
    makers = {
        "rsa": make_rsa,
        "p256": lambda: make_ec(ec.SECP256R1()),
        "ed": lambda: Key("EdDSA", ed25519.Ed25519PrivateKey.generate()),
        "secret": lambda: make_secret(secrets.token_urlsafe(36).encode()),
        "rsa next": make_rsa,
        "foreign rsa": make_rsa,
        "foreign p256": lambda: make_ec(ec.SECP256R1()),
        "foreign ed": lambda: Key("EdDSA", ed25519.Ed25519PrivateKey.generate()),
        "foreign secret": lambda: make_secret(secrets.token_bytes(32)),
        "rsa of 1024 bits": lambda: make_rsa(1024),
        "rsa with exponent 3": lambda: make_rsa(exponent=3),
        "rsa of 3072 bits": lambda: make_rsa(3072),
        "p384": lambda: make_ec(ec.SECP384R1()),
        "p521": lambda: make_ec(ec.SECP521R1()),
        "k256": lambda: make_ec(ec.SECP256K1()),
        "ed448": lambda: Key("EdDSA", ed448.Ed448PrivateKey.generate()),
    }

    def __missing__(self, name):
        self[name] = self.makers[name]()
        return self[name]


KEYS = Keys()


def set_of_keys():
    """The JWK Set of the verifier called jwks: two RS256 keys, for a rotation, and one of each other kind."""
    return {"keys": [
        KEYS["rsa"].public_jwk(kid="r1", alg="RS256", use="sig"),
        KEYS["rsa next"].public_jwk(kid="r2", alg="RS256", use="sig"),
        KEYS["p256"].public_jwk(kid="e1", alg="ES256", use="sig"),
        KEYS["ed"].public_jwk(kid="d1", alg="EdDSA", use="sig"),
    ]}
