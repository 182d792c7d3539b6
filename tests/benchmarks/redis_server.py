"""A redis server of our own on the loopback interface, loaded by redis-cli and stopped by its own command."""

import socket
import subprocess
import time


def write_commands(folder, scale):
    lines = (f"SET key:{i} value-{i * 7}\r\nRPUSH list:{i % 100} item-{i}\r\n" for i in range(int(100000 * scale)))
    (folder / "in.redis").write_text("".join(lines))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Client:
    """Talks to one server, for `timeout` seconds at most; then it raises subprocess.TimeoutExpired."""

    def __init__(self, folder, timeout):
        self.port = free_port()
        self.folder = folder
        self.timeout = timeout
        self.deadline = None
        self.answers = "it did not start"

    def drive(self, process):
        """Loads the keys, asks for some, and stops the server; less if it dies."""
        self.deadline = time.monotonic() + self.timeout
        if not self.wait_until_up(process):
            return
        with open(self.folder / "in.redis", "rb") as commands:
            loaded = self.ask("--pipe", "--pipe-timeout", "0", stdin=commands).splitlines()[-1:]
        asked = [self.ask(*words.split()) for words in ("dbsize", "get key:7", "lrange list:7 0 9")]
        self.answers = repr((loaded, asked))
        self.ask("shutdown", "nosave")

    def left(self):
        """Seconds until the deadline."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise subprocess.TimeoutExpired("redis", self.timeout)
        return seconds

    def wait_until_up(self, process):
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), self.left()).close()
                return True
            except OSError:
                time.sleep(0.02)
        return False

    def ask(self, *words, stdin=None):
        command = ["redis-cli", "-h", "127.0.0.1", "-p", str(self.port), *words]
        return subprocess.run(command, stdin=stdin, text=True, capture_output=True, timeout=self.left(),
                              check=False).stdout
