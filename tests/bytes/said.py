#!/usr/bin/python3
"""Each byte in what the API says: in tokens, in its answers, in its set of keys. Whatever becomes of it, what a terminal,
the helper's log, syslog and c2mctl show is printable ASCII in lines of ours. Exit status 1 if anything is not.

    said.py BUILD FOLDER SYSLOG     in a world
"""
import collections
import itertools
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "answers"))
# pylint: disable=wrong-import-position
import jwt
from jwt.utils import base64url_encode

from answer import SHOWN, Login, type_all
from api import Api
from helper import Helper, configure
from words import KEY, good, http, public_pem

BATCH = 500  # logins of one run of the application
KEYS_OF_A_SET = 30  # and a good one
FORGED = b"forged"  # behind a line end it would begin a line


def forms(byte):
    """The byte in a text of JSON."""
    yield rb"\u%04x" % byte if byte < 0x80 else chr(byte).encode()
    if byte < 0x20 or byte >= 0x7f:
        yield bytes([byte])


FORMS = [text for byte in range(256) for text in forms(byte)]
DECODED = [text for text in FORMS if len(text) > 1 and text != rb"\u0000"]  # what a reader of JSON takes
BYTES = [bytes([byte]) for byte in range(256)]


def odd(text):
    return b"a" + text + FORGED


# --- tokens -----------------------------------------------------------------------------------------------------------
SIGNER = jwt.algorithms.get_default_algorithms()["RS256"]
# where the text stands in header or claims, and how far one of them comes at least: the reason that the log gives
CLAIMS = {"sub": "subject", "iss": "issuer", "aud": "audience", "jti": "credential", "scopes": "credential",
        "token_type": "token_type", "kid": "unknown_key"}


def token(number, place, text):
    now = int(time.time())
    value = {"kid": b'"good"', "sub": b'"c2m_alice"', "iss": b'"c2m-api"', "aud": b'"web1"', "jti": b'"jti-%d"' % number,
            "scopes": b'["login:web1"]', "token_type": b'"short"', "iat": b"%d" % now, "exp": b"%d" % (now + 900)}
    value[place] = (b'["login:web1", "%s"]' if place == "scopes" else b'"%s"') % text
    claims = b", ".join(b'"%s": %s' % (name.encode(), value[name]) for name in value if name != "kid")
    signed = base64url_encode(b'{"alg": "RS256", "kid": %s}' % value["kid"]) + b"." + base64url_encode(b"{" + claims + b"}")
    return (signed + b"." + base64url_encode(SIGNER.sign(signed, KEY))).decode()


# --- answers ----------------------------------------------------------------------------------------------------------
MARK = "the odd text"


def of_json(status, data, *lines):
    return http(status, data, "application/json", *lines)


def honest(number, **changes):
    """The body of a good answer, changed; None leaves a member out."""
    made = {**good(number, claims={"aud": "web1"}), **changes}
    return json.dumps({name: value for name, value in made.items() if value is not None}).encode()


def placed(status, data, text):
    return of_json(status, data.replace(MARK.encode(), text))


def latin(text):
    return text.decode("latin-1")


MEMBERS = {
    "code": lambda n, text: placed(403, b'{"code": "the odd text"}', text),
    "errorCode": lambda n, text: placed(400, b'{"errorCode": "the odd text"}', text),
    "message": lambda n, text: placed(401, b'{"code": "invalid_token", "message": "the odd text"}', text),
    "token_id": lambda n, text: placed(201, honest(n, token_id=MARK), text),
    "scopes of an answer": lambda n, text: placed(201, honest(n, scopes=["login:web1", MARK]), text),
    "access_token": lambda n, text: placed(201, honest(n, access_token=MARK), text),
}
HEADERS = {
    "Retry-After": lambda n, text: http(503, b"", "text/html", "Retry-After: " + latin(text)),
    "X-Token-Id": lambda n, text: of_json(201, honest(n, token_id=None), "X-Token-Id: " + latin(text)),
    "Content-Type": lambda n, text: http(403, b'{"code":"x"}', latin(text)),
    "a header's name": lambda n, text: http(401, b"", "text/html", latin(text) + ": 1"),
    "reason phrase": lambda n, text: http(401, b"").replace(b" 401 ", b" 401 " + text),
}
REACHED = {**CLAIMS, "code": "api_forbidden", "errorCode": "api_error", "message": "api_refused", "token_id": "credential",
        "scopes of an answer": "credential", "access_token": "api_nonsense",
        "Retry-After": "api_error", "X-Token-Id": "credential", "Content-Type": "api_error",
        "a header's name": "api_refused", "reason phrase": "api_refused"}


class Said:
    """What is said once. A row of the API's table, if it is an answer."""

    def __init__(self, place, text, made=None):
        self.place, self.text = place, b"%c" % (ord("b") + list(REACHED).index(place)) + text + FORGED
        self.answer = (lambda number: made(number, self.text),)

    def typed(self, number):
        return token(number, self.place, self.text) if self.place in CLAIMS else f"lt_answer_{number}"


def all_that_is_said():
    answers = [Said(place, text, made) for places, texts in ((MEMBERS, FORMS), (HEADERS, BYTES)) for place,
            made in places.items() for text in texts]
    return answers + [Said(place, text) for place in CLAIMS for text in FORMS]


class OddApi(Api):
    """Its keys are those of `keys`; to each revocation it says another odd code."""

    def __init__(self, rows, directory):
        self.keys = {}
        self.codes = itertools.cycle(FORMS)
        super().__init__(rows, directory)

    def answer(self, peer, line, head, body):
        if line.startswith("GET /keys-"):
            self.journal.append(line)
            peer.send(of_json(200, self.keys[line.split()[1]]))
        elif "/revoke " in line:
            self.journal.append(line)
            peer.send(placed(400, b'{"code": "the odd text"}', odd(next(self.codes))))
        else:
            return super().answer(peer, line, head, body)
        return True


# --- keys -------------------------------------------------------------------------------------------------------------
def key_set(texts):
    """A good key, and one with each kid that cannot be used, so that it is named."""
    numbers = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    keys = [b'{"kty": "RSA", "kid": "good", "n": "%s", "e": "%s"}' % (numbers["n"].encode(), numbers["e"].encode())]
    keys += [b'{"kty": "EC", "kid": "%s", "crv": "P-256"}' % odd(text) for text in texts]
    return b'{"keys": [' + b", ".join(keys) + b"]}"


def sets_of_keys():
    """Those that are sets, and those that are no JSON."""
    others = [text for text in FORMS if text not in DECODED]
    for texts in DECODED, others:
        for at in range(0, len(texts), KEYS_OF_A_SET):
            yield key_set(texts[at:at + KEYS_OF_A_SET])


def point_to(config, path):
    """The set of keys that is asked for; tokens are for web1."""
    with open(config) as file:
        text = file.read().replace("[login]\naccept", "[login]\naudience = web1\naccept")
    text = re.sub(r"(?m)^(url = (.*)\n(?:.*\n)*?)(?:key|jwks) = .*", rf"\1jwks = \2{path}", text)
    with open(config, "w") as file:
        file.write(text)


def publish_all(api, config, helper):
    """Each set once; the good key alone is in force afterwards."""
    for number, keys in enumerate([*sets_of_keys(), key_set([])], 1):
        path = f"/keys-{number}"
        api.keys[path] = keys
        point_to(config, path)
        helper.process.send_signal(signal.SIGHUP)
        wait_for(helper, rf"(?m)^keys: (\d+ in force, of )?\S+{path}(:|$)(?! the key)")


def wait_for(helper, pattern):
    end = time.monotonic() + 20
    while not re.search(pattern, helper.said()):
        if time.monotonic() > end:
            raise SystemExit(f"not in the log: {pattern}\n{helper.said()[-2000:]}")
        time.sleep(0.02)


# --- what is shown ----------------------------------------------------------------------------------------------------
class Shown:
    """Lines by who shows them, each judged."""

    def __init__(self):
        self.lines, self.found = collections.Counter(), []

    def add(self, where, text, own=""):
        """TEXT as bytes; OWN: how each of its lines begins."""
        lines = text.split(b"\n")
        assert lines.pop() == b"", f"{where}: the last line has no end"
        self.lines[where] += len(lines)
        for one in lines:
            if re.search(rb"[^ -~]", one):
                self.found.append(f"{where}: not printable: {one!r}")
            if one.startswith(FORGED) or not re.match(own.encode(), one):
                self.found.append(f"{where}: a line of somebody else's: {one!r}")


def on_terminal(command):
    """What COMMAND shows on a terminal; through a pipe, where none can be had."""
    try:
        ours, its = pty.openpty()
    except OSError:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL).stdout
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its) as process:
        os.close(its)
        text = b""
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:  # the last one has closed it
                break
            text += more
        process.wait(30)
    os.close(ours)
    return text.replace(b"\r\n", b"\n")


class Ctl:
    def __init__(self, build, helper, shown):
        self.build, self.helper, self.shown = build, helper, shown

    def show(self, *words):
        text = on_terminal((f"{self.build}/c2mctl", words[0], "--runtime-dir", self.helper.runtime, *words[1:]))
        if words[0] == "status":
            text = text.replace(" \u00b7 ".encode(), b" ")  # the dot of status is its own
        self.shown.add("c2mctl " + words[0], text)
        return text

    def show_all(self):
        for words in ("sessions",), ("revocations",), ("metrics",), ("status",):
            self.show(*words)
            if words[0] != "metrics":
                self.show(*words, "--json")
        self.show("report", "--authd", f"{self.build}/c2m-authd")
        references = re.findall(r"(?m)^event=login .*?ref=([0-9a-f]{8})", self.helper.said())
        for reference in references[-2000::20]:
            self.show("explain", reference)
        self.show("explain", references[-1], "--json")


def type_and_look(build, folder, helper, said, found):
    """Place → what became of it, by the log's reasons."""
    logins = [Login(number, one, one.typed(number), None) for number, one in said]
    for at in range(0, len(logins), BATCH):
        waiting = logins[at:at + BATCH]
        for again in range(3):  # a machine that is busy may be too late for the prompt
            for login in waiting:
                login.address = f"10.{again * 50 + login.number // 40000}.{login.number // 200 % 200}.{login.number % 200}"
            type_all(build, f"{folder}/stacks", helper, waiting)
            waiting = [login for login in waiting if not login.shown]
            if not waiting:
                break
    for login in logins:
        if login.shown is None or not SHOWN.fullmatch(login.shown):
            found.append(f"{login.row.place} {login.row.text!r}: the terminal showed {login.shown}")
    reasons = dict(reversed(one) for one in re.findall(r"(?m)^event=login .*?reason=(\w+) .*?rhost=(\S+)", helper.said()))
    became = collections.defaultdict(collections.Counter)
    for login in logins:
        became[login.row.place][reasons.get(login.address, "nothing")] += 1
    return became


def doctor_tells(build, folder, helper, ctl, first):
    """What it says that refused tokens carried: 31 bytes at a time, and control characters where they are carried."""
    for at in range(0, len(DECODED), 31):
        texts = {"kid": DECODED[at:at + 31]}
        texts["iss"] = texts["aud"] = [text for text in texts["kid"] if not re.match(rb"\\u00([01]|7f)", text)]
        said = [Said(place, b"".join(texts[place])) for place in texts for _ in range(3)]  # of one or two it does not speak
        type_and_look(build, folder, helper, list(enumerate(said, first)), ctl.shown.found)
        first += len(said)
        told = ctl.show("doctor", "--authd", f"{build}/c2m-authd")
        if not all(re.search(rb' tokens refused: %s "[^"]{7,}"' % place.encode(), told) for place in texts):
            ctl.shown.found.append(f"doctor does not tell what was carried: {told!r}")


def main():
    build, folder, syslog = sys.argv[1:]
    os.makedirs(f"{folder}/stacks")
    said = list(enumerate(all_that_is_said()))
    api, shown = OddApi([one for _, one in said], folder), Shown()
    api.keys["/keys-0"] = key_set([])
    with open(api.ca, "rb") as file:
        config = configure("/etc/c2m", api.url, file.read(), public_pem())
    point_to(config, "/keys-0")
    helper = Helper(build, config, f"{folder}/run", f"{folder}/state", f"{folder}/helper.log")
    helper.wait()
    ctl = Ctl(build, helper, shown)
    publish_all(api, config, helper)
    if helper.said().count('forged" is left out: ') != len(DECODED):
        shown.found.append("the log does not name each key")
    doctor_tells(build, folder, helper, ctl, len(said))
    became = type_and_look(build, folder, helper, said, shown.found)
    ctl.show_all()
    if helper.stop() != 0:
        shown.found.append("the helper does not end well")
    shown.add("helper", helper.said().encode("latin-1"),
            r"event=\w+ |ref=[0-9a-f]{8}: |keys: |reload: |sandbox: |c2m-authd |stopping$")
    with open(syslog, "rb") as file:
        shown.add("syslog", file.read(), r"<\d+>")
    return report(said, became, shown, api)


def report(said, became, shown, api):
    for place, reasons in became.items():
        print(f"{place:24} {dict(reasons.most_common())}")
        if REACHED[place] not in reasons:
            shown.found.append(f"{place}: none came as far as {REACHED[place]}")
        if "api_limited" in reasons or "nothing" in reasons:
            shown.found.append(f"{place}: not all were said")
    for where in "helper", "syslog":
        if shown.lines[where] < len(said):
            shown.found.append(f"{where}: {shown.lines[where]} lines alone")
    shown.found += [f"the answerer failed: {failure}" for failure in api.failures]
    for fault in shown.found[:20]:
        print("WRONG ", fault)
    print("lines:", ", ".join(f"{where} {count}" for where, count in shown.lines.items()))
    print(f"counted: {len(said)} odd texts, {len(shown.found)} faults")
    return bool(shown.found)


if __name__ == "__main__":
    sys.exit(main())
