"""Brokers that want a login and TLS, with and without client certificates; and every way to get that wrong."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import kafka.admin

from streams.broker import Listening, LocalBroker
from streams.faults.certificates import make_certificates
from streams.faults.lab import Lab
from streams.faults.registry import fault
from streams.faults.result import Result
from streams.faults.scene import Scene
from streams.faults.tokens import TokenIssuer
from streams.faults.workers import Workers

SECRET = "not-for-any-log-7431"
USER = "wire"
MODULES = "org.apache.kafka.common.security"
PORT = 30_800


def _listening(folder: Path, server: str = "server", client_certificate: str = "requested") -> Listening:
    own = "listener.name.client."
    return Listening(
        "SASL_SSL",
        {
            "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512,OAUTHBEARER",
            own + "oauthbearer.sasl.jaas.config": f"{MODULES}.oauthbearer.OAuthBearerLoginModule required;",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",  # whoever comes by the listener without login: the lab and the nodes
            "allow.everyone.if.no.acl.found": "true",
            own + "plain.sasl.jaas.config": f'{MODULES}.plain.PlainLoginModule required user_{USER}="{SECRET}";',
            own + "scram-sha-512.sasl.jaas.config": f"{MODULES}.scram.ScramLoginModule required;",
            own + "ssl.keystore.type": "PEM",
            own + "ssl.keystore.location": str(folder / f"{server}.both.pem"),
            own + "ssl.truststore.type": "PEM",
            own + "ssl.truststore.location": str(folder / "ca.pem"),
            own + "ssl.client.auth": client_certificate,
        },
    )


@contextmanager
def _closed(lab: Lab, name: str, mechanism: str, client_certificate: str = "requested") -> Iterator[Scene]:
    """A scene on a broker that nobody may use without a login."""
    folder = lab.directory / "certificates"
    if not folder.exists():
        make_certificates(folder)
    broker = LocalBroker(lab.directory / name, port=PORT, listening=_listening(folder, "server", client_certificate))
    with broker, lab.scene(name, broker=broker) as scene:
        scene.settings |= {
            "SECURITY": "SASL_SSL", "SASL_MECHANISM": mechanism, "SASL_USER": USER, "SASL_PASSWORD": SECRET,
            "SSL_CA": str(folder / "ca.pem"),
        }  # fmt: skip
        if client_certificate == "required":
            scene.settings |= {"SSL_CERTIFICATE": str(folder / "client.pem"), "SSL_KEY": str(folder / "client.key")}
        _add_user(scene)
        yield scene


def _add_user(scene: Scene) -> None:
    admin: Any = scene.admin()
    kinds: Any = kafka.admin
    upsertion = kinds.UserScramCredentialUpsertion(USER, kinds.ScramMechanism.SCRAM_SHA_512, SECRET)
    admin.alter_user_scram_credentials([upsertion])
    admin.close()


def _no_secret(scene: Scene, said: str, where: str) -> None:
    if SECRET in said:
        scene.wrong.append(f"the password stands in {where}")


def _asked(scene: Scene, *words: str, **settings: str) -> str:
    """What a command says with other settings."""
    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", *words], env=scene.environment(**settings), capture_output=True,
        text=True, check=False, timeout=90,
    )  # fmt: skip
    return done.stdout + done.stderr


@fault("login", 10, "SCRAM over TLS with a client's certificate, and a wrong password said in one line")
def login(lab: Lab) -> Result:
    with _closed(lab, "login", "SCRAM-SHA-512", "required") as scene:
        result = _worked(scene)
        _refused(scene, result, {"a wrong password": {"SASL_PASSWORD": "wrong"}})
        return result


@fault(
    "login-plain",
    10,
    "PLAIN over TLS; wrong password, wrong authority and no certificate said in one line",
    short=False,
)
def login_plain(lab: Lab) -> Result:
    with _closed(lab, "login-plain", "PLAIN") as scene:
        result = _worked(scene)
        other = str(lab.directory / "certificates" / "other-ca.pem")
        wrong = {
            "a wrong password": {"SASL_PASSWORD": "wrong"},
            "a wrong authority": {"SSL_CA": other},
            "no encryption": {"SECURITY": "SASL_PLAINTEXT"},
        }
        _refused(scene, result, wrong)
        return result


@fault("login-expired", 10, "the broker's certificate has expired: one clear line", short=False)
def login_expired(lab: Lab) -> Result:
    with _closed(lab, "login-expired", "PLAIN") as scene:
        result = _worked(scene)
        scene.broker.stop()
        expired = _listening(lab.directory / "certificates", "expired")
        with LocalBroker(lab.directory / "login-expired", port=PORT, listening=expired):
            _refused(scene, result, {"an expired certificate": {}})
        return result


@fault("login-token", 10, "OAUTHBEARER with tokens that live twenty seconds; no token said in one line", short=False)
def login_token(lab: Lab) -> Result:
    with _closed(lab, "login-token", "OAUTHBEARER") as scene, TokenIssuer(USER, SECRET, life=20.0) as issuer:
        scene.settings["SASL_TOKEN_URL"] = issuer.url
        file = scene.directory / "token"
        workers = scene.workers()
        with scene.load():
            time.sleep(lab.size.pick(30, 120))
            issuer.stop()  # what the workers hold goes on to serve, until it ends; then they wait
            time.sleep(lab.size.pick(25, 60))
            issuer.start()
            scene.wait_flow(scene.mark())
        result = _judged(scene, workers)
        file.write_text(issuer.token())
        if "articles.raw" not in _asked(scene, "topics", "list", SASL_TOKEN_FILE=str(file)):
            result.judgement.wrong.append("a token from a file does not serve")
        file.write_text(issuer.token(life=-60))
        wrong = {
            "a wrong secret": {"SASL_PASSWORD": "wrong"},
            "a token that has expired": {"SASL_TOKEN_FILE": str(file)},
            "no token in the file": {"SASL_TOKEN_FILE": str(file) + "s"},
        }
        _refused(scene, result, wrong)
        return result


@fault("rights-withdrawn", 7, "the right to write outputs, then to read inputs, is withdrawn for a while", short=False)
def rights_withdrawn(lab: Lab) -> Result:
    with _closed(lab, "rights-withdrawn", "SCRAM-SHA-512") as scene:
        workers = scene.workers()
        with scene.load():
            for topic, operation in (("articles.enriched", "WRITE"), ("articles.raw", "READ")):
                time.sleep(3)
                with _withdrawn(scene, topic, operation):
                    time.sleep(lab.size.pick(8, 30))
                scene.wait_flow(scene.mark())
        said = {line for line in workers.said() if "Authorization" in line}
        if not said:
            scene.wrong.append("nothing was said of rights that are missing")
        scene.notes.append(f"{len(said)} lines said so")
        return scene.finish(promised=15.0)


@contextmanager
def _withdrawn(scene: Scene, topic: str, operation: str) -> Iterator[None]:
    """The workers' user may not do ``operation`` with ``topic`` while the block lasts."""
    kinds: Any = kafka.admin
    pattern = kinds.ResourcePattern(kinds.ResourceType.TOPIC, scene.prefix + topic)
    principal, what = f"User:{USER}", kinds.ACLOperation[operation]
    admin = scene.admin()
    admin.create_acls([kinds.ACL(principal, "*", what, kinds.ACLPermissionType.DENY, pattern)])
    try:
        yield
    finally:
        denied = kinds.ACLFilter(principal, "*", what, kinds.ACLPermissionType.DENY, pattern)
        admin.delete_acls([denied])
        admin.close()


def _worked(scene: Scene) -> Result:
    workers = scene.workers()
    with scene.load():
        time.sleep(3)
    return _judged(scene, workers)


def _judged(scene: Scene, workers: Workers) -> Result:
    result = scene.finish()
    _no_secret(scene, "\n".join(workers.said()), "the workers' log")
    _no_secret(scene, _asked(scene, "config", "show"), "`config show`")
    workers.stop()
    result.judgement.wrong += [each for each in scene.wrong if each not in result.judgement.wrong]
    return result


def _refused(scene: Scene, result: Result, ways: Mapping[str, Mapping[str, str]]) -> None:
    """With each wrong setting a command says one line without the secret, and workers wait and say why."""
    for what, settings in ways.items():
        said = _asked(scene, "topics", "list", **settings)
        lines = [line for line in said.splitlines() if line.strip()]
        result.notes.append(f"{what}: {lines[-1][:160] if lines else 'nothing was said'}")
        if len(lines) != 1:
            result.judgement.wrong.append(f"{what} is not said in one line: {said[-300:]!r}")
        if SECRET in said:
            result.judgement.wrong.append(f"with {what} the password is shown")
    code, said = _waited(scene, 12.0, **settings)
    if code or len(said.splitlines()) != 1 or SECRET in said:
        result.judgement.wrong.append(f"with {what} `run` left with {code} and said {said[-300:]!r}")


def _waited(scene: Scene, seconds: float, **settings: str) -> tuple[int, str]:
    """What ``wirewatch run`` says while it waits, and the code it leaves with when it is told to stop."""
    command = [sys.executable, "-m", "streams.cli", "run"]
    with subprocess.Popen(command, env=scene.environment(**settings), stderr=subprocess.PIPE, text=True) as run:
        time.sleep(seconds)
        run.terminate()
        _, said = run.communicate(timeout=30)
        return run.returncode, said
