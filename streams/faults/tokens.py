"""Who issues tokens in the lab: an OAuth 2.0 endpoint whose tokens nobody signs, for a broker that takes such."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from streams.faults.proxy import HOST


class TokenIssuer:
    """Gives tokens for ``user`` to whoever knows ``secret``; a token lives ``life`` seconds."""

    def __init__(self, user: str, secret: str, life: float) -> None:
        self._user, self._life = user, life
        basic = base64.b64encode(f"{user}:{secret}".encode()).decode()
        issuer = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Answer by RFC 6749, sections 5.1 and 5.2."""
                known = self.headers["Authorization"] == f"Basic {basic}"
                found = {"access_token": issuer.token(), "token_type": "Bearer", "expires_in": life}
                body = json.dumps(found if known else {"error": "invalid_client"}).encode()
                self.send_response(200 if known else 401)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._answer = Answer
        self._server: ThreadingHTTPServer | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}/token"

    def token(self, life: float | None = None) -> str:
        """A JSON Web Token without a signature (RFC 7519, section 6)."""
        now = time.time()
        ends = now + (self._life if life is None else life)
        claims = {"sub": self._user, "iat": min(now, ends) - 1, "exp": ends}
        parts = (base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in ({"alg": "none"}, claims))
        return b".".join((*parts, b"")).decode()

    def start(self) -> None:
        """Answer, on the same port each time."""
        self._server = ThreadingHTTPServer((HOST, self._port), self._answer)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, name="tokens", daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> "TokenIssuer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
