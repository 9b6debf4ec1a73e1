"""GreenMail: as a container where a Docker engine answers, else the same version run with Java.

compose.yaml says the version. Accounts are made through its REST API. What follows a `+` is not
part of the name. It has no STARTTLS.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificate

from servers.base import (
    ADDRESS,
    Running,
    Unavailable,
    child_process,
    free_ports,
    greets,
    make_certificate,
    wait_until,
)

_ATEST = Path(__file__).parents[1]
_COMPOSE = _ATEST / "compose.yaml"
_CACHE = _ATEST.parent / ".venv" / "maven"
_DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
_ENGINE_SECONDS = 20
"""How long a Docker engine may take to say that it is there."""

_KEYSTORE = "keystore.p12"
_KEYSTORE_PASSWORD = "changeit"
_OPTIONS = {
    "greenmail.users.login": "email",
    "greenmail.sieve.ignore.detail": "true",  # what follows a + is not part of the name
    "greenmail.startup.timeout": "30000",
    "greenmail.tls.keystore.password": _KEYSTORE_PASSWORD,
}


@contextmanager
def running() -> Iterator[Running]:
    """Run GreenMail until the block ends.

    Raises Unavailable if there is neither a Docker engine that has the image, nor Java and Maven.
    """
    with tempfile.TemporaryDirectory(prefix="greenmail-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        ca_file = _write_keystore(folder)
        smtp, imap, imaps, api = free_ports(4)
        ports = {"smtp": smtp, "imap": imap, "imaps": imaps, "api": api}
        start = _container if _docker_answers() else _java
        with start(ports, folder) as started:
            yield Running(
                name="greenmail",
                version=_version(),
                started=started,
                imap_port=imap,
                imaps_port=imaps,
                ca_file=ca_file,
                delivery="smtp",
                delivery_port=smtp,
                accounts_url=f"http://{ADDRESS}:{api}/api/user",
            )


def _version() -> str:
    found = re.search(r"greenmail/standalone:(\S+)", _COMPOSE.read_text())
    if found is None:
        raise RuntimeError(f"{_COMPOSE} names no version of greenmail/standalone.")
    return found[1]


def _docker_answers() -> bool:
    """Tell whether a Docker engine answers, and the client knows Compose."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    try:
        for question in (["info"], ["compose", "version"]):
            subprocess.run(
                [docker, *question],
                check=True,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_ENGINE_SECONDS,
            )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


@contextmanager
def _container(ports: dict[str, int], folder: Path) -> Iterator[str]:
    """Run the container of compose.yaml with its ports on free ones of this machine."""
    # A name of its own, so that runs at the same time do not stop each other's container.
    compose = ["docker", "compose", "-f", str(_COMPOSE), "-p", f"robotframework-imap-{os.getpid()}"]
    properties = _OPTIONS | {
        "greenmail.setup.test.all": "",
        "greenmail.hostname": "0.0.0.0",
        "greenmail.tls.keystore.file": f"/keystore/{_KEYSTORE}",
    }
    environment = {
        **os.environ,
        **{f"{name.upper()}_PORT": str(port) for name, port in ports.items()},
        "GREENMAIL_OPTS": " ".join(_as_options(properties)),
        "KEYSTORE_FOLDER": str(folder),
    }
    # The container runs as a user that owns nothing here.
    folder.chmod(0o755)
    pulled = subprocess.run([*compose, "pull"], env=environment, capture_output=True, text=True)
    if pulled.returncode:
        raise Unavailable(f"its image can't be had: {_last_line(pulled.stderr)}")
    log = folder / "greenmail.log"
    try:
        with child_process([*compose, "up", "--no-color"], log, environment) as process:
            wait_until(lambda: _is_ready(ports), process, log)
            yield "Docker container"
    finally:
        subprocess.run(
            [*compose, "down", "--volumes", "--timeout", "5"],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )


@contextmanager
def _java(ports: dict[str, int], folder: Path) -> Iterator[str]:
    """Run the standalone jar on free ports."""
    java = shutil.which("java")
    if java is None:
        raise Unavailable(
            "no Docker engine with Compose answers, and there is no Java (11 or later)"
        )
    jar = _jar()
    properties = _OPTIONS | {"greenmail.tls.keystore.file": str(folder / _KEYSTORE)}
    for protocol, port in ports.items():
        properties[f"greenmail.{protocol}.hostname"] = ADDRESS
        properties[f"greenmail.{protocol}.port"] = str(port)
    log = folder / "greenmail.log"
    command = [java, "-Xmx1g", *_as_options(properties), "-jar", str(jar)]
    with child_process(command, log) as process:
        wait_until(lambda: _is_ready(ports), process, log)
        yield "Java, standalone jar"


def _jar() -> Path:
    """Return the standalone jar, fetched with Maven the first time."""
    jar = _CACHE / f"greenmail-standalone-{_version()}.jar"
    if jar.exists():
        return jar
    maven = shutil.which("mvn")
    if maven is None:
        raise Unavailable(
            "no Docker engine with Compose answers, and there is no Maven for the jar"
        )
    artifact = f"com.icegreen:greenmail-standalone:{_version()}"
    command = [maven, "-B", "-q", f"{_DEPENDENCY_PLUGIN}:copy", f"-Dartifact={artifact}"]
    for _ in range(2):  # the registry may be slow to wake up
        fetched = subprocess.run(
            [*command, f"-DoutputDirectory={_CACHE}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if fetched.returncode == 0:
            return jar
    raise Unavailable(f"Maven could not fetch {artifact}: {_last_line(fetched.stdout)}")


def _is_ready(ports: dict[str, int]) -> bool:
    """Tell whether it says so itself, and its mail services greet."""
    try:
        with urllib.request.urlopen(
            f"http://{ADDRESS}:{ports['api']}/api/service/readiness", timeout=5
        ) as answer:
            if "message" not in json.load(answer):
                return False
    except (OSError, HTTPException, ValueError):
        return False
    return greets(ports["imap"], b"* OK") and greets(ports["smtp"], b"220")


def _as_options(properties: dict[str, str]) -> list[str]:
    """Return Java system properties as its command line takes them."""
    return [f"-D{name}={value}" if value else f"-D{name}" for name, value in properties.items()]


def _write_keystore(folder: Path) -> Path:
    """Give GreenMail a certificate for this host; its own one names none."""
    certificate, ca_file = make_certificate(folder)
    leaf, *authorities = [
        load_pem_x509_certificate(part.bytes()) for part in certificate.cert_chain_pems
    ]
    keystore = pkcs12.serialize_key_and_certificates(
        b"greenmail",
        load_pem_private_key(certificate.private_key_pem.bytes(), None),  # type: ignore[arg-type]
        leaf,
        authorities,
        BestAvailableEncryption(_KEYSTORE_PASSWORD.encode()),
    )
    (folder / _KEYSTORE).write_bytes(keystore)
    return ca_file


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it said nothing"
