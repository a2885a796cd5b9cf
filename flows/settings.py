"""What a user may set, from the environment (`JAMSTAT_*`) and from jamstat.toml; the only reader of either."""

import json
import os
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

Origin = Literal["scb", "demo", "recorded"]
Scope = Literal["home", "national"]

ORIGIN_LABELS: dict[Origin, str] = {
    "scb": "SCB",
    "demo": "Syntetiska demodata – inte statistik",
    "recorded": "SCB (inspelat)",
}


PREFECT_DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "flows,sources",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
}
"""No telemetry; our log lines in the run's log; patience with a server that starts in a fresh folder."""


class SettingsError(ValueError):
    """A setting has a value that cannot be used."""


class Settings(BaseSettings):
    """The settings of a run. The environment wins over jamstat.toml in the working directory."""

    model_config = SettingsConfigDict(env_prefix="JAMSTAT_", toml_file="jamstat.toml", extra="forbid", frozen=True)

    data_dir: Path = Path("data")
    build_dir: Path = Path("build")
    home_region: str = Field(default="19", pattern=r"^\d\d$", description="the county, by SCB's code")
    comparison_regions: Annotated[tuple[str, ...], NoDecode] = ("00",)
    scope: Scope = "home"
    base_url: str = "https://statistikdatabasen.scb.se/api/v2"
    publisher: str = Field(default="", description="who publishes; without it the region of the county")
    site_url: str = Field(
        default="", description="where the folder site/ is published, for addresses that other places have to follow"
    )
    report_year: str = Field(
        default="",
        pattern=r"^(\d{4})?$",
        description="the year of the yearly reports; without it the last whole one before the run",
    )
    contact: str = Field(default="", description="an e-mail address for the User-Agent")
    table_threads: int = Field(default=3, ge=1, le=8, description="tables fetched side by side")

    @field_validator("site_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#<>\"]+(/[^\s?#<>\"]*)?", value):
            raise ValueError("an address such as https://statistik.example.se/jamstalldhet/ is wanted, without ? and #")
        return value and value.removesuffix("/") + "/"

    @field_validator("comparison_regions", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return json.loads(value) if value.startswith("[") else [code.strip() for code in value.split(",")]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic passes it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment before jamstat.toml; no other source."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load() -> Settings:
    """The settings in force.

    Raises:
        SettingsError: a value cannot be used; names the setting and what is allowed.
    """
    for variable in os.environ:
        name = variable.removeprefix("JAMSTAT_").lower()
        if variable.startswith("JAMSTAT_") and name not in Settings.model_fields:
            for near in get_close_matches(name, Settings.model_fields, n=1, cutoff=0.75):
                raise SettingsError(f"{variable}: no such setting; closest: JAMSTAT_{near.upper()}")
    try:
        return Settings()
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"jamstat.toml: not readable as TOML: {error}; correct the file") from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"jamstat.toml: not UTF-8 (byte 0x{error.object[error.start]:02x} at position {error.start}); "
            "save it as UTF-8"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        allowed = ", ".join(Settings.model_fields)
        hint = f"; settings are {allowed}" if first["type"] == "extra_forbidden" else ""
        raise SettingsError(
            f"setting {name} (JAMSTAT_{name.upper()} or jamstat.toml): {first['msg']}, got {first['input']!r}{hint}"
        ) from error


def quiet_prefect() -> None:
    """Nothing; Prefect has our defaults wherever the environment sets none. To be called before it is imported."""
    for name, value in PREFECT_DEFAULTS.items():
        os.environ.setdefault(name, value)
