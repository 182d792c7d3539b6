#!/usr/bin/env python3
"""debug_server.py FOLDER COMMAND...: runs the command with DEBUGINFOD_URLS naming a server of the folder's files.

The server listens on the loopback interface, and ends with the command.
"""

import functools
import http.server
import os
import pathlib
import subprocess
import sys
import tempfile
import threading


class Files(http.server.SimpleHTTPRequestHandler):
    """Says nothing on standard error."""

    def log_message(self, *_):
        pass


def main():
    folder, *command = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as cache:
        environment = dict(os.environ, DEBUGINFOD_URLS=f"http://127.0.0.1:{server.server_port}",
                           DEBUGINFOD_CACHE_PATH=str(pathlib.Path(cache, "files")))
        ended = subprocess.run(command, env=environment, timeout=120, check=False)
    server.shutdown()
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
