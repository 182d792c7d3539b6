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


def ask(port, timeout, *words, stdin=None):
    """What the server answers. Raises subprocess.TimeoutExpired."""
    answer = subprocess.run(["redis-cli", "-h", "127.0.0.1", "-p", str(port), *words], stdin=stdin, text=True,
                            capture_output=True, timeout=timeout, check=False)
    return answer.stdout


def wait_until_up(port, process):
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.02)
    return False


def drive(port, process, folder, timeout):
    """Loads the keys, asks for some, and stops the server. Returns the answers, fewer if the server died."""
    if not wait_until_up(port, process):
        return "it did not start"
    try:
        with open(folder / "in.redis", "rb") as commands:
            loaded = ask(port, timeout, "--pipe", "--pipe-timeout", "0", stdin=commands).splitlines()[-1:]
        answers = [ask(port, 30, *words.split()) for words in ("dbsize", "get key:7", "lrange list:7 0 9")]
        ask(port, 30, "shutdown", "nosave")
    except subprocess.TimeoutExpired:
        return "it stopped answering"
    return repr((loaded, answers))
