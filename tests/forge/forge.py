#!/usr/bin/python3
"""Types every token of the table at a verifier of its kind, and compares. Exit status 1 if anything differs."""
import collections
import json
import os
import subprocess
import sys
import tempfile

import table
import forged_keys  # noqa: F401  each adds its rows
import forged_text  # noqa: F401
import forged_claims  # noqa: F401
import honest  # noqa: F401
from keys import KEYS, set_of_keys

CONFIG = """
[api]
url = https://127.0.0.1:1
requests_per_minute = 10000
[verify]
issuer = c2m-api
{keys}
[login]
required_scopes = login:web1
[service ops]
required_scopes = ops:root
[service aud]
audience = web1
[service young]
max_age = 1m
[revocation]
seal_key = {directory}/seal.key
"""

# A key as PEM for two of them, as a JWK for the others.
SOURCES = {
    "rs256": ("key", KEYS["rsa"].pem(), "RS256"),
    "ps256": ("key", json.dumps(KEYS["rsa"].public_jwk()).encode(), "PS256"),
    "es256": ("key", json.dumps(KEYS["p256"].public_jwk(alg="ES256")).encode(), "ES256"),
    "eddsa": ("key", KEYS["ed"].pem(), "EdDSA"),
    "hs256": ("secret", KEYS["secret"].secret + b"\n", None),
    "jwks": ("jwks", None, "RS256 ES256 EdDSA"),
    "channel": ("channel", None, None),
}


def write(path, data):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return path


def configure(directory, verifier):
    """The files of one configuration; its path, and that of a set of keys or "-"."""
    kind, data, algorithm = SOURCES[verifier]
    value = {"jwks": "https://127.0.0.1:1/jwks", "channel": "yes"}.get(kind, f"{directory}/key")
    lines = [f"{kind} = {value}"] + ([f"algorithm = {algorithm}"] if algorithm else [])
    if data:
        write(f"{directory}/key", data)
    write(f"{directory}/seal.key", os.urandom(32))
    write(f"{directory}/users", b"alice = c2m_alice c2m_alice2\nbob = c2m_bob\n")
    config = CONFIG.format(keys="\n".join(lines), directory=directory)
    path = write(f"{directory}/authd.conf", config.encode())
    os.mkdir(f"{directory}/state", 0o700)
    return path, write(f"{directory}/set", json.dumps(set_of_keys()).encode()) if kind == "jwks" else "-"


def ask(program, verifier, rows):
    """What the program says of each row: (verdict, reason, what the verifier alone says)."""
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile() as records, \
            tempfile.TemporaryFile() as log:
        config, keys = configure(directory, verifier)
        for row in rows:
            made = row.make()
            row.length = len(made)
            records.write(f"{row.service} {len(made)}\n".encode() + made)
        records.seek(0)
        done = subprocess.run((program, config, keys, str(table.NOW), f"{directory}/state"), stdin=records,
                stdout=subprocess.PIPE, stderr=log, timeout=120, check=False)
        log.seek(0)
        said = log.read()
    lines = done.stdout.decode().splitlines()
    if done.returncode != 0 or len(lines) != len(rows):
        at = rows[len(lines)].name if len(lines) < len(rows) else "the end"
        sys.exit(f"verify: status {done.returncode} after {len(lines)} of {len(rows)} tokens, {verifier}: {at}\n"
                 + said.decode("latin-1")[-2000:])
    return [line.split() for line in lines]


def faults(row, verdict, reason, alone):
    if (verdict, reason) != (row.verdict, row.reason):
        yield f"{verdict} {reason}, not {row.verdict} {row.reason}"
    if (alone == "none") != (row.reason in table.BEYOND_THE_VERIFIER):
        yield f"the verifier alone says {alone}"


def main():
    program = sys.argv[1]
    wrong, counts, makers = 0, collections.OrderedDict(), collections.Counter()
    for row in table.ROWS:
        counts.setdefault(row.family, [0, 0])
    for verifier in SOURCES:
        rows = [row for row in table.ROWS if row.verifier == verifier]
        for row, said in zip(rows, ask(program, verifier, rows)):
            counts[row.family][0] += 1
            makers[row.maker] += 1
            for fault in faults(row, *said):
                print(f"WRONG  {row.family} | {row.name} | {verifier}, {row.maker}, {row.length} bytes: {fault}")
                counts[row.family][1] += 1
                wrong += 1
    for family, (count, bad) in counts.items():
        print(f"{count:5}  {family}" + (f"  ({bad} WRONG)" if bad else ""))
    print("made by " + ", ".join(f"{maker} {count}" for maker, count in makers.most_common()))
    passed = sum(row.reason == "credential" for row in table.ROWS)
    print(f"counted: {len(table.ROWS) - passed} forged, mangled or hostile tokens and {passed} honest ones, "
          f"{wrong} judged otherwise than the table says")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
