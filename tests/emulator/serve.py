"""Serves a small AWS on 127.0.0.1: moto's server, and in front of it the layer that adds what moto lacks.

Prints `ready http://127.0.0.1:PORT` once it serves. Ends when its standard input is closed, so that it never outlives
the process that started it, and on SIGTERM.
"""

import argparse
import errno
import os
import signal
import socket
import sys
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

# Read when moto is imported.
os.environ |= {
    # Without it, hundreds of images and their snapshots look like the account's own.
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    # Bucket names in the path only: the host is an IP address.
    "S3_IGNORE_SUBDOMAIN_BUCKETNAME": "true",
    # A bucket's configuration is its owner's, as on AWS where nothing else is granted.
    "MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS": "false",
    # No browser calls it.
    "MOTO_DISABLE_GLOBAL_CORS": "true",
}

from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import ThreadedWSGIServer  # noqa: E402
from werkzeug.wrappers import Response  # noqa: E402

from layer import clock  # noqa: E402
from layer.app import Layer, Options  # noqa: E402

HOST = "127.0.0.1"


class Handler(MotoRequestHandler):
    """Keeps connections open.

    Werkzeug closes each one, after waiting 10 ms for what may be left of the body. The layer reads every body to its
    end, so neither is needed here.
    """

    protocol_version = "HTTP/1.1"
    # Head and body are written separately: with Nagle's algorithm each answer would wait for a delayed ACK.
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        response = Response.from_app(self.server.app, self.make_environ())
        body = response.get_data()
        if self.command != "HEAD":
            response.headers["Content-Length"] = str(len(body))
        self.send_response(response.status_code)
        for name, value in response.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, *_args: Any) -> None:
        """The layer's log has it."""


class Server(ThreadedWSGIServer):
    daemon_threads = True
    request_queue_size = 1024


def main() -> None:
    args = parse_args()
    options = Options(
        bucket_region=not args.no_bucket_region, account_paths=not args.no_account_paths, page_size=args.page_size
    )
    if args.clock:
        clock.fix(args.clock)
    listener = listen(args.port)
    layer = Layer(DomainDispatcherApplication(create_backend_app), args.log, options)
    port = listener.getsockname()[1]
    server = Server(HOST, port, layer, handler=Handler, fd=listener.detach())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Thread(target=end_with_stdin, daemon=True).start()
    print(f"ready http://{HOST}:{port}", flush=True)
    server.serve_forever()


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--log", type=Path, required=True, help="one JSON line for each request is appended here")
    parser.add_argument("--no-bucket-region", action="store_true", help="leave moto's ListBuckets as it is")
    parser.add_argument("--no-account-paths", action="store_true", help="leave out the accounts' paths, as moto does")
    parser.add_argument("--clock", type=datetime.fromisoformat, help="the time that ages are counted back from")
    parser.add_argument("--page-size", type=int, help="pages of at most N items, whatever MaxResults says")
    return parser.parse_args()


def listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        sys.exit(f"port {port} {reason}; --port 0 takes a free one")
    listener.listen(Server.request_queue_size)
    return listener


def end_with_stdin() -> None:
    # Not sys.stdin: a thread that waits in a buffered reader upsets the interpreter's shutdown.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
