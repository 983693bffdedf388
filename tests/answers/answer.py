#!/usr/bin/python3
"""Logs in once for each row of the table, by the real module at the real helper. Exit status 1 if anything differs."""
import collections
import os
import re
import subprocess
import sys
import threading
import time

import answers  # noqa: F401  each adds its rows
import answers_raw  # noqa: F401
from api import GOOD_FROM, Api
from helper import Helper, configure
from table import ROWS
from words import CANARY, CODES, SUCCESS, UNAVAILABLE, public_pem

DEADLINE_MS = 10200  # the module's, and its margin
REFERENCE = r"( \(ref [0-9a-f]{8}\))"
TEXTS = "|".join((f"C2M: not accepted{REFERENCE}\\.", f"C2M is unreachable{REFERENCE}; use your local password\\.",
        f"C2M: that token expired \\d+ min ago: issue a new one{REFERENCE}\\.",
        f"C2M: that token lacks a scope that is needed here{REFERENCE}: ask who runs this host which one\\."))
# The reason of the last one may stand before the prompt.
SHOWN = re.compile(r"(" + TEXTS + r")?( ?)C2M token or code: \|((" + TEXTS + r")\|)?")


class Login:
    """One row typed once, from an address of its own."""

    def __init__(self, number, row, typed, address):
        self.number, self.row, self.typed, self.address = number, row, typed, address
        self.code = self.milliseconds = self.shown = None


def typed_of(number, row):
    return f"1{number:05}" if row.form == "code" else f"lt_answer_{number:04}"


def type_all(build, stacks, helper, logins):
    """By one application; what the terminals showed is kept."""
    service = "c2m-" + os.path.basename(helper.runtime)
    with open(f"{stacks}/{service}", "w") as file:
        file.write(f"auth required {build}/pam_c2m.so runtime_dir={helper.runtime}\n")
    lines = "".join(f"{login.address} {login.typed}\n" for login in logins)
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run((f"{build}/tests/answers/type", stacks, service, "alice"), input=lines.encode(),
            stdout=subprocess.PIPE, env=environment,
            timeout=60, check=True)
    by_address = {login.address: login for login in logins}
    for line in done.stdout.decode().splitlines():
        address, code, milliseconds, shown = line.split(" ", 3)
        login = by_address[address]
        login.code, login.milliseconds, login.shown = CODES.get(int(code), f"PAM code {code}"), int(milliseconds), shown


def reasons_of(helper):
    """The log's own words: address → reason."""
    return dict(reversed(found) for found in re.findall(r"^event=login .*?reason=(\w+) .*?rhost=(\S+)", helper.said(),
            re.M))


def faults(login, reason, verdict=None, wanted=None):
    verdict, wanted = verdict or login.row.verdict, wanted or login.row.reason
    if (login.code, reason) != (verdict, wanted):
        yield f"{login.code} {reason}, not {verdict} {wanted}"
    if login.milliseconds is None or login.milliseconds > DEADLINE_MS:
        yield f"took {login.milliseconds} ms"
    if login.shown is None or not SHOWN.fullmatch(login.shown) or (login.code == SUCCESS) != (
            login.shown.count("|") == 1):
        yield f"the terminal showed {login.shown}"


def leaks(said):
    """What should not stand in a log."""
    if CANARY in said:
        yield "a text of the API's is in the log"
    if "eyJ" in said or "lt_" in said:
        yield "a token is in the log"
    if re.search(r"[^\n -~]", said):
        yield "the log holds bytes that are not printable"
    if "runtime error" in said:
        yield "a sanitizer's finding: " + said[said.index("runtime error") - 200:][:600]


class Round:
    """All rows but the last family's, at one helper."""

    def __init__(self, build, stacks, helper, rows):
        self.build, self.stacks, self.helper, self.rows = build, stacks, helper, rows

    def run(self, second):
        logins = [Login(number, row, typed_of(number, row), f"10.{second}.{number // 200}.{number % 200}") for number,
                row in self.rows]
        logins.sort(key=lambda login: "slow" not in login.row.family)  # these first: all of them wait together
        type_all(self.build, self.stacks, self.helper, logins)
        reasons = reasons_of(self.helper)
        return [(login.row, fault) for login in logins for fault in faults(login, reasons.get(login.address))]


def limited(build, stacks, helper, number, row, found):
    """For a thread: whatever goes wrong in it is a fault."""
    try:
        limit_and_next(build, stacks, helper, number, row, found)
    except Exception as error:  # pylint: disable=broad-except
        found.append((row, repr(error)))


def limit_and_next(build, stacks, helper, number, row, found):
    """A row that holds all later ones back, and the login that comes next."""
    helper.wait()
    first = Login(number, row, typed_of(number, row), "10.9.9.1")
    type_all(build, stacks, helper, [first])
    after = Login(number, row, f"lt_good_{GOOD_FROM + number}", "10.9.9.2")
    type_all(build, stacks, helper, [after])
    reasons = reasons_of(helper)
    found += [(row, fault) for fault in faults(first, reasons.get(first.address))]
    if row.then == "served":
        found += [(row, "the next one: " + fault) for fault in faults(after, reasons.get(after.address), SUCCESS,
                "credential")]
        if after.milliseconds is None or after.milliseconds < 500:
            found.append((row, f"the next one was asked after {after.milliseconds} ms: too soon"))
    else:
        found += [(row, "the next one: " + fault) for fault in faults(after, reasons.get(after.address), UNAVAILABLE,
                "api_limited")]


def wait_for_revocations(api, rows):
    """Whose token was handed out in vain, and is still alive after five seconds."""
    wanted = {f"tok_{number}": row for number, row in rows if row.revoked}
    end = time.monotonic() + 5
    while wanted.keys() - api.revoked() and time.monotonic() < end:
        time.sleep(0.05)
    return [(row, "its token is not revoked") for token, row in wanted.items() if token not in api.revoked()]


def grows(main):
    """The fast rows again: what the first round took is back."""
    main.rows = [(number, row) for number, row in main.rows if "slow" not in row.family and not row.revoked]
    before, kilobytes = main.helper.descriptors(), main.helper.resident()
    found = main.run(2)
    time.sleep(0.5)
    after, more = main.helper.descriptors(), main.helper.resident() - kilobytes
    print(f"the helper after {len(main.rows)} answers more: {after - before:+} descriptors, {more:+} kB")
    if after > before + 8:
        found.append((None, f"{after - before} descriptors more"))
    if more > 4000 and not main.helper.sanitized():
        found.append((None, f"{more} kB more"))
    return found


def main():
    build, folder, syslog = sys.argv[1:]
    os.makedirs(f"{folder}/stacks")
    numbered = list(enumerate(ROWS))
    single = [(number, row) for number, row in numbered if row.then]
    found, helpers = [], []
    api = Api(ROWS, folder)
    with open(api.ca, "rb") as file:
        config = configure("/etc/c2m", api.url, file.read(), public_pem())
    for name in ["main"] + [f"limit{number}" for number, _ in single]:
        helpers.append(Helper(build, config, f"{folder}/run-{name}", f"{folder}/state-{name}", f"{folder}/{name}.log"))
    threads = [threading.Thread(target=limited, args=(build, f"{folder}/stacks", helper, *one, found)) for helper,
            one in zip(helpers[1:], single)]
    for thread in threads:
        thread.start()
    helpers[0].wait()
    ordinary = Round(build, f"{folder}/stacks", helpers[0], [one for one in numbered if not one[1].then])
    found += ordinary.run(1)
    for thread in threads:
        thread.join()
    found += wait_for_revocations(api, numbered)
    found += grows(ordinary)
    found += [(None, f"{helper.runtime}: exit status {status}\n{helper.said()[-3000:]}") for helper in helpers
            for status in [helper.stop()] if status != 0]
    found += [(None, f"{helper.runtime}: {fault}") for helper in helpers for fault in leaks(helper.said())]
    with open(syslog, "rb") as file:  # the module's words
        found += [(None, f"syslog: {fault}") for fault in leaks(file.read().decode("latin-1"))]
    found += [(None, f"the answerer failed: {failure}") for failure in api.failures]
    found += [(None, f"a request that nobody should have made: {line!r}") for line in api.strange()]
    return report(found)


def report(found):
    counts = collections.OrderedDict()
    for row in ROWS:
        counts[row.family] = counts.get(row.family, 0) + 1
    for row, fault in found:
        print(f"WRONG  {row.family + ' | ' + row.name if row else 'all of them'}: {fault}")
    for family, count in counts.items():
        print(f"{count:5}  {family}")
    print(f"counted: {len(ROWS)} bad answers of the API, {len(found)} faults")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
