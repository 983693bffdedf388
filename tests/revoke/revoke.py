#!/usr/bin/python3
"""Each row of the table: a stand-in that lies, the helper that ships, a login and its logout. Status 1 if any differs."""
import concurrent.futures
import json
import os
import socket
import subprocess
import sys
import time

from helper import Helper, configure
from ways import WAYS

AT_ONCE = 24
SETTLED_WITHIN = 40  # seconds
QUIET = 0.4  # seconds, in which nothing more may be asked
CAN_MOUNT = subprocess.run(("unshare", "--mount", "true"), stderr=subprocess.DEVNULL, check=False).returncode == 0
NARROW = "jobs:submit,login:web1"  # without tokens:revoke


class StandIn:
    def __init__(self, build, folder):
        self.folder = folder
        os.makedirs(folder)
        with open(f"{folder}/log", "wb") as log:
            self.process = subprocess.Popen((f"{build}/c2m-standin", "--listen", "127.0.0.1:0", "--dir", folder),
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 20
        while not os.path.exists(f"{folder}/control") or not os.path.exists(f"{folder}/url"):
            if time.monotonic() > end:
                raise RuntimeError("the stand-in does not get ready")
            time.sleep(0.02)
        self.url = self.read("url").decode()

    def read(self, name):
        with open(f"{self.folder}/{name}", "rb") as file:
            return file.read()

    def ask(self, line, field=None):
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(20)
            control.connect(f"{self.folder}/control")
            control.sendall(line.encode() + b"\n")
            answer = json.loads(control.makefile().readline())
        if not answer["ok"]:
            raise RuntimeError(f"{line}: {answer}")
        return answer[field] if field else answer

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class World:
    """One row's."""

    def __init__(self, build, folder, way):
        self.build, self.folder, self.way, self.before = build, folder, way, set()
        os.makedirs(folder)
        self.api = StandIn(build, f"{folder}/api")
        self.config = self.write_config(way.prefix)
        self.helper = Helper(build, self.config, f"{folder}/run", f"{folder}/state", f"{folder}/authd.log")
        self.helper.wait()
        with open(f"{folder}/session", "w") as file:
            for kind in ("auth", "session"):
                file.write(f"{kind} required {build}/pam_c2m.so runtime_dir={folder}/run\n")

    def write_config(self, prefix=""):
        return configure(f"{self.folder}/etc", self.api.url + prefix, self.api.read("ca.pem"),
                self.api.read("verify-key.pem"), self.config_key())

    def config_key(self):
        """The same at each start."""
        path = f"{self.folder}/etc/seal.key"
        if not os.path.exists(path):
            return os.urandom(32)
        with open(path, "rb") as file:
            return file.read()

    def ctl(self, *words, typed=""):
        return subprocess.run((f"{self.build}/c2mctl", *words, "--runtime-dir", f"{self.folder}/run"),
                input=typed.encode(), stdout=subprocess.PIPE, timeout=20, check=True).stdout

    def keep_for_the_host(self):
        client = "c2m_alice" if self.way.host == "own" else "c2m_host"
        token = self.api.ask(f"mint client={client} type=long form=jwt", "token")
        self.ctl("enroll", "--client", client, typed=token)

    def typed(self):
        login, ttl = self.way.login, self.way.ttl
        if login == "code":
            return self.api.ask("code client=c2m_alice", "code")
        if login == "foreign":
            self.api.ask('claims {"sub":"c2m_bob"}')
        kind = "type=long" if login in ("long", "foreign") else f"scopes={NARROW}" if login == "bare" else ""
        return self.api.ask(f"mint client=c2m_alice ttl={ttl} {kind}", "token")

    def session(self, typed):
        """Logs in and out, with what may be told of a session in between."""
        session = subprocess.Popen((f"{self.build}/tests/revoke/session", self.folder, "session", "alice"),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        session.stdin.write(typed.encode() + b"\n")
        session.stdin.flush()
        said = session.stdout.readline().decode().strip()
        if self.way.down:
            self.api.ask("down")
        session.stdin.close()
        said += " " + session.stdout.read().decode().strip()
        session.wait(20)
        return said.strip()

    def asked(self):
        """Of revocations, and of what is at no path of the API."""
        return sum(self.api.ask(f"requests endpoint={name}", "count") for name in ("revoke", "other"))

    def receipts(self):
        return [receipt for receipt in json.loads(self.ctl("revocations", "--json"))["revocations"] if receipt["token_id"]
                not in self.before]

    def disturb(self, word):
        if word == "up":
            self.api.ask("up")
            return
        if word == "late":
            time.sleep(self.way.ttl + 1)
            return
        if word == "kill":
            self.helper.kill()
        else:
            self.helper.stop()
        if word == "mend":
            self.write_config()
        if word == "reboot":
            self.helper.other_boot(f"{self.folder}/boot_id")
        self.helper.start()
        self.helper.wait()

    def wait(self, condition, seconds):
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            time.sleep(0.2)

    def settled(self):
        receipts = self.receipts()
        return bool(receipts) and all(receipt["state"] != "pending" for receipt in receipts)

    def play(self):
        """What differs from the row."""
        way = self.way
        if way.host:
            self.keep_for_the_host()
            self.wait(self.settled, 5)  # what it was tried with is revoked
            self.before = {receipt["token_id"] for receipt in self.receipts()}
        typed = self.typed()
        if way.login in ("long", "foreign", "code"):  # the user's own
            self.before |= {token["token_id"] for token in self.api.ask("live", "live")}
        for lie in way.lies:
            self.api.ask("fault " + (lie if lie.startswith("endpoint=") else "endpoint=revoke " + lie))
        self.api.ask("reset-requests")
        said = self.session(typed)
        wanted = "6" if way.login == "foreign" else "open closed"
        if said != wanted:
            yield f"the session said {said}, not {wanted}"
        if way.then:
            words, after = way.then
            self.wait(lambda: self.asked() >= after, 20)
            self.wait(self.receipts, 5)
            for word in words.split():
                self.disturb(word)
        if way.pending:
            time.sleep(4)
        else:
            self.wait(self.settled, SETTLED_WITHIN)
        time.sleep(QUIET)
        yield from self.judge()

    def judge(self):
        way = self.way
        asked, live = self.asked(), self.living()
        receipts = ", ".join(sorted((" ".join(str(receipt[name]) for name in ("kind", "state", "last_status", "word",
                "tries")) for receipt in self.receipts()), reverse=True))
        if asked > way.requests or (asked < way.requests and not way.then):
            yield f"{asked} requests, not {way.requests}"
        if live != way.live:
            yield f"{live} tokens live, not {way.live}"
        wanted = way.receipt.split(", ")
        if len(wanted) != receipts.count(",") + 1 or not all(got == one or got.startswith(one + " ") for got, one in
                zip(receipts.split(", "), wanted)):
            yield f"receipts: {receipts}; not {way.receipt}"

    def living(self):
        """But what is the user's own, or the host's."""
        return len([token for token in self.api.ask("live", "live") if token["token_id"] not in self.before and not
                (self.way.host and token["type"] == "long")])

    def end(self):
        status = self.helper.stop()
        self.api.stop()
        said = self.helper.said()
        if status != 0:
            yield f"the helper's exit status is {status}: {said[-2000:]}"
        if "eyJ" in said or "lt_" in said:
            yield "a token is in the log"


def play(build, folder, number):
    try:
        world = World(build, f"{folder}/{number}", WAYS[number])
        return [*world.play(), *world.end()]
    except Exception as error:  # pylint: disable=broad-except
        return [repr(error)]


def possible(way):
    """Another boot id is mounted over the kernel's."""
    return not way.then or "reboot" not in way.then[0] or CAN_MOUNT


def main():
    build, folder = sys.argv[1:3]
    wanted = [number for number, way in enumerate(WAYS) if possible(way) and (len(sys.argv) < 4 or sys.argv[3] in
            way.name)]
    wanted.sort(key=lambda number: "delay=" not in str(WAYS[number].lies))  # the longest first
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda number: play(build, folder, number), wanted))
    for number, faults in sorted(zip(wanted, found)):
        for fault in faults:
            print(f"WRONG  {WAYS[number].name}: {fault}")
    wrong = sum(bool(faults) for faults in found)
    zero = sum(WAYS[number].live == 0 for number in wanted)
    print(f"counted: {len(wanted)} ways, {wrong} wrong; {zero} in which no token may live; {len(WAYS) - len(wanted)} left out; {time.monotonic() - begun:.0f} s")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
