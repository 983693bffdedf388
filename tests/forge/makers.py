"""Those who sign: PyJWT, jwcrypto, libjwt and openssl(1). What one of them refuses to make, another one makes."""
import ctypes
import ctypes.util
import hashlib
import hmac
import json
import os
import subprocess
import tempfile

import jwt as pyjwt_module
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from jwt.api_jws import PyJWS
from jwcrypto import jwa, jws

from keys import b64u

WIDTH = {"ES256": 32, "ES384": 48, "ES512": 66, "ES256K": 32}


def raw_of_der(signature, algorithm):
    r, s = decode_dss_signature(signature)
    return r.to_bytes(WIDTH[algorithm], "big") + s.to_bytes(WIDTH[algorithm], "big")


class PyJWT:
    name = "PyJWT"
    algorithms = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
            "HS256", "HS384", "HS512")

    @staticmethod
    def key(key):
        return key.secret if key.secret is not None else key.private

    def can(self, key, algorithm):
        # it knows the classic confusion, and refuses to make one
        known = key.secret is None or not (b"-----BEGIN" in key.secret or key.secret.startswith((b"ssh-", b"ecdsa-")))
        return algorithm in self.algorithms and known

    def token(self, key, algorithm, header, payload):
        more = {name: value for name, value in header.items() if name != "alg"}
        token = PyJWS().encode(payload, self.key(key), algorithm=algorithm, headers=more)
        return token if isinstance(token, bytes) else token.encode()

    def sign(self, key, algorithm, text):
        known = pyjwt_module.algorithms.get_default_algorithms()[algorithm]
        return known.sign(text, known.prepare_key(self.key(key)))


class Jwcrypto:
    name = "jwcrypto"
    algorithms = PyJWT.algorithms + ("ES256K",)

    def can(self, key, algorithm):
        return algorithm in self.algorithms and (key.secret is None or len(key.secret) > 0)

    def token(self, key, algorithm, header, payload):
        token = jws.JWS(payload)
        token.allowed_algs = [algorithm]
        token.add_signature(key.as_jwk, None, json.dumps(header))
        return token.serialize(compact=True).encode()

    def sign(self, key, algorithm, text):
        return jwa.JWA.signing_alg(algorithm).sign(key.as_jwk, text)


class Libjwt:
    """By ctypes. It writes header and payload in its own order, so both must be objects."""
    name = "libjwt"
    algorithms = ("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
    library = None

    def load(self):
        if self.library is None:
            self.library = ctypes.CDLL(ctypes.util.find_library("jwt") or "libjwt.so")
            self.library.jwt_encode_str.restype = ctypes.c_char_p
            self.library.jwt_get_alg.argtypes = [ctypes.c_void_p]
        return self.library

    def can(self, key, algorithm):
        return algorithm in self.algorithms and (key.secret is None or len(key.secret) > 0)

    def token(self, key, algorithm, header, payload):
        library, made = self.load(), ctypes.c_void_p()
        secret = key.secret if key.secret is not None else key.private_pem()
        more = {name: value for name, value in header.items() if name not in ("alg", "typ")}
        good = library.jwt_new(ctypes.byref(made)) == 0
        good = good and library.jwt_add_grants_json(made, payload) == 0
        good = good and (not more or library.jwt_add_headers_json(made, json.dumps(more).encode()) == 0)
        good = good and library.jwt_set_alg(made, library.jwt_str_alg(algorithm.encode()), secret, len(secret)) == 0
        token = library.jwt_encode_str(made) if good else None
        library.jwt_free(made)
        if token is None:
            raise RuntimeError(f"libjwt makes no token of {algorithm}")
        return token


class OpenSSL:
    """By hand: the command signs, and the parts are put together here."""
    name = "openssl"
    algorithms = ("HS256", "HS384", "HS512", "RS1", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
            "ES384",
            "ES512", "ES256K", "EdDSA")
    options = {"PS256": ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest")}

    def can(self, key, algorithm):
        return algorithm in self.algorithms

    def token(self, key, algorithm, header, payload):
        text = b64u(json.dumps(header, separators=(",", ":")).encode()) + b"." + b64u(payload)
        return text + b"." + b64u(self.sign(key, algorithm, text))

    def sign(self, key, algorithm, text, *options):
        if key.secret is not None:
            # the command takes no empty secret
            return self.mac(key.secret, algorithm, text) if key.secret else hmac.new(b"", text, hashlib.sha256).digest()
        with tempfile.NamedTemporaryFile() as file, tempfile.NamedTemporaryFile() as message:
            file.write(key.private_pem())
            file.flush()
            message.write(text)
            message.flush()
            if algorithm == "EdDSA":
                return self.run("pkeyutl", "-sign", "-rawin", "-inkey", file.name, "-in", message.name)
            digest = "-sha" + (algorithm[2:5])
            options = options or self.options.get(algorithm[:2] + "256" if algorithm[0] == "P" else "", ())
            signature = self.run("dgst", digest, "-sign", file.name, *options, message.name)
        return raw_of_der(signature, algorithm) if algorithm in WIDTH else signature

    def mac(self, secret, algorithm, text):
        return self.run("dgst", "-sha" + algorithm[2:], "-mac", "HMAC", "-macopt", "hexkey:" + secret.hex(), "-binary",
                given=text)

    @staticmethod
    def run(*arguments, given=None):
        environment = {**os.environ, "OPENSSL_CONF": "/dev/null"}
        return subprocess.run(("openssl",) + arguments, input=given, stdout=subprocess.PIPE, check=True,
                env=environment).stdout


MAKERS = {maker.name: maker for maker in (PyJWT(), Jwcrypto(), Libjwt(), OpenSSL())}
