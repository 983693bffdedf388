"""An API that answers byte by byte, over TLS: each exchange as the table says, each revocation with 204."""
import datetime
import ipaddress
import re
import select
import socket
import ssl
import struct
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from words import Step, Whole, good, json_answer

GOOD_FROM = 9000  # numbers of honest answers, for who comes after a bad one


def make_certificate(directory):
    """Its own authority, for 127.0.0.1: the file that is given to the helper, and a context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "answers")])
    now = datetime.datetime.utcnow()
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(
            key.public_key()).serial_number(1)
            .not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
            .sign(key, hashes.SHA256()))
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    with open(f"{directory}/ca.pem", "wb") as file:
        file.write(pem)
    with open(f"{directory}/server.pem", "wb") as file:
        file.write(pem + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{directory}/server.pem")
    return f"{directory}/ca.pem", context


class Peer:
    """One connection."""

    def __init__(self, sock):
        self.sock = sock
        self.sock.settimeout(30)

    def send(self, data):
        if data:
            self.sock.sendall(data)

    def hung_up(self, within):
        readable, _, _ = select.select([self.sock], [], [], within)
        return bool(readable) and self.sock.recv(4096) == b""

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def hear(self):
        """A request: its first line, its head, its body; None at the end."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = self.sock.recv(65536)
            if not more:
                return None
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.I)
        while length and len(body) < int(length.group(1)):
            body += self.sock.recv(65536)
        return head.partition(b"\r\n")[0].decode("latin-1"), head.decode("latin-1"), body.decode("latin-1")


class Api:
    def __init__(self, rows, directory):
        self.rows = rows
        self.failures = []
        self.journal = []  # the first lines of all requests
        self.ca, context = make_certificate(directory)
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        self.context = context
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        try:
            with self.context.wrap_socket(sock, server_side=True) as secured:
                peer = Peer(secured)
                while True:
                    request = peer.hear()
                    if request is None or not self.answer(peer, *request):
                        return
        except OSError:
            pass  # the other side has hung up, as it may
        except Exception as error:  # pylint: disable=broad-except
            self.failures.append(repr(error))  # an answer that was never given would look like one of nonsense

    def answer(self, peer, line, head, body):
        """False when the connection ends with it."""
        self.journal.append(line)
        if "/revoke " in line:
            peer.send(b"HTTP/1.1 204 No Content\r\n\r\n")
            return True
        bearer = re.search(r"\r\nauthorization: bearer lt_(answer|good)_(\d+)\r", head + "\r", re.I)
        code = re.search(r'"otp_code":"1(\d{5})"', body)
        if not bearer and not code:
            peer.send(json_answer(401, {"code": "invalid_token"}))
            return True
        number = int(bearer.group(2) if bearer else code.group(1))
        steps = [json_answer(201, good(number))] if number >= GOOD_FROM else self.rows[number].answer
        for step in steps:
            made = self.step(peer, number, step)
        return len(steps) == 1 and isinstance(made, Whole)

    @staticmethod
    def step(peer, number, step):
        """Bytes, seconds, a Step, or a function of the row's number that makes bytes."""
        if isinstance(step, (int, float)):
            time.sleep(step)
        elif isinstance(step, Step):
            step.run(peer)
        else:
            made = step if isinstance(step, bytes) else step(number)
            peer.send(made)
            return made
        return None

    def revoked(self):
        return {line.split("/")[3] for line in self.journal if "/revoke " in line}

    def strange(self):
        """Requests that nobody should have made."""
        known = re.compile(r"POST /auth/tokens/(short|long|[A-Za-z0-9._~-]{1,127}/revoke) HTTP/1\.1")
        return sorted({line for line in self.journal if not known.fullmatch(line)})
