"""The helper that ships, as root starts it, and what can be seen of it from outside."""
import os
import pwd
import signal
import subprocess
import time
import uuid

CONFIG = """
[api]
url = {url}
ca = {folder}/ca.pem
requests_per_minute = 10000
[verify]
issuer = c2m-api
key = {folder}/verify-key.pem
algorithm = RS256
[login]
accept = short long code
required_scopes = login:web1
[revocation]
seal_key = {folder}/seal.key
"""


class Helper:
    def __init__(self, build, config, runtime, state, log):
        user = pwd.getpwnam("c2m-authd")
        os.makedirs(state, 0o700)
        os.chown(state, user.pw_uid, user.pw_gid)
        self.runtime, self.log, self.starts = runtime, log, 0
        self.command = (f"{build}/c2m-authd", "--config", config, "--state-dir", state, "--runtime-dir", runtime,
                "--user", "c2m-authd", "--foreground")
        self.start()

    def other_boot(self, path):
        """From its next start on: the boot id is another, as after a start of the machine."""
        with open(path, "w") as file:
            file.write(f"{uuid.uuid4()}\n")
        self.command = ("unshare", "--mount", "sh", "-c",
                'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"', path, *self.command)

    def start(self):
        """Again, after its end, with the same state."""
        self.starts += 1
        with open(self.log, "ab") as file:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                    # the helper's own filter forbids what LeakSanitizer needs
                    env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})

    def wait(self):
        end = time.monotonic() + 20
        while self.said().count(" is ready\n") < self.starts:
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit("the helper does not get ready:\n" + self.said()[-2000:])
            time.sleep(0.02)

    def said(self):
        with open(self.log, "rb") as file:
            return file.read().decode("latin-1")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def resident(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))

    def sanitized(self):
        with open(f"/proc/{self.process.pid}/maps") as file:
            return "asan" in file.read()

    def kill(self):
        self.process.kill()
        self.process.wait(20)

    def stop(self):
        """Its exit status: not 0 after a crash, or when a sanitizer found something."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


def configure(folder, url, ca, key, seal=None):
    """What the administrator writes: the path of the configuration. SEAL: the key that there was, not a new one."""
    os.makedirs(folder, 0o755, exist_ok=True)
    group = pwd.getpwnam("c2m-authd").pw_gid
    for name, data, mode in (("ca.pem", ca, 0o644), ("verify-key.pem", key, 0o644), ("seal.key", seal or os.urandom(32), 0o640),
            ("users", b"alice = c2m_alice\nbob = c2m_bob\n", 0o644),
            ("authd.conf", CONFIG.format(url=url, folder=folder).encode(), 0o644)):
        with open(f"{folder}/{name}", "wb") as file:
            file.write(data)
        os.chown(f"{folder}/{name}", 0, group if name == "seal.key" else 0)
        os.chmod(f"{folder}/{name}", mode)
    return f"{folder}/authd.conf"
