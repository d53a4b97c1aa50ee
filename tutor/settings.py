"""One frozen, validated tree of settings: defaults < tutor.toml in the learner's home < TUTOR_* environment."""

import re
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from tutor.errors import SettingsError
from tutor.models.catalog import DEFAULT_LLM

APP = "interview-tutor"
ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What a user may tune. Each field is also an environment variable: `llm` is TUTOR_LLM."""

    model_config = SettingsConfigDict(env_prefix="TUTOR_", frozen=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: user_data_path(APP), description="a learner's data: index, history, library, logs"
    )
    cache: Path = Field(default_factory=lambda: user_cache_path(APP), description="model weights")
    corpus: Path = Field(default=ROOT / "corpus", description="the material that ships with the tutor")

    llm: str = Field(
        default=DEFAULT_LLM,
        description="catalogue name, path to a .gguf, hf:owner/repo/file.gguf, http(s)://host/v1#model, "
        "transformers:NAME_OR_PATH, or none",
    )
    llm_api_key: str = Field(default="", description="key for an OpenAI-compatible endpoint, where it wants one")
    embeddings: str = Field(default="bundled", description="bundled, or sentence-transformers:NAME_OR_PATH")
    reranker: str = Field(default="", description="empty, or sentence-transformers:NAME_OR_PATH of a CrossEncoder")
    vectors: str = Field(default="", description="empty for the embedded Chroma, or http(s)://host:port of a server")
    history: str = Field(default="", description="SQLAlchemy URL; empty for SQLite in the home folder")

    context_tokens: int = Field(default=4096, ge=1024, le=131_072, description="the embedded model's window")
    threads: int | None = Field(default=None, ge=1, description="CPU threads of the embedded model; empty: all cores")
    answer_tokens: int = Field(default=220, ge=32, le=2048, description="longest generated answer")
    passage_tokens: int = Field(default=500, ge=100, le=4096, description="passages shown to the model, at most")

    host: str = Field(default="127.0.0.1", description="address the UI listens on")
    port: int = Field(default=7860, ge=1, le=65_535, description="port of the UI")
    password: str = Field(default="", description="needed when host is not this machine alone")
    language: Literal["auto", "zh", "en"] = Field(default="auto", description="language of the UI")
    upload_megabytes: int = Field(default=20, ge=1, le=500, description="largest file the Library takes")

    @field_validator("home", "cache", "corpus")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        home = init_settings().get("home") or env_settings().get("home") or user_data_path(APP)
        toml = Path(str(home)).expanduser() / "tutor.toml"
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml)

    @property
    def history_url(self) -> str:
        return self.history or f"sqlite:///{(self.home / 'history.db').as_posix()}"

    @property
    def index_folder(self) -> Path:
        return self.home / "index"

    @property
    def library_folder(self) -> Path:
        """Copies of uploaded documents."""
        return self.home / "library"

    @property
    def bank_folder(self) -> Path:
        return self.corpus / "bank"

    def shipped_vectors(self, embedder: str) -> Path:
        """Where the corpus keeps vectors that `embedder` made of the bank."""
        return self.corpus / "vectors" / f"{re.sub(r'[^a-z0-9]+', '-', embedder.lower())}.npz"

    @property
    def listens_beyond_this_machine(self) -> bool:
        return self.host not in {"127.0.0.1", "localhost", "::1"}


def load_settings(**overrides: Any) -> Settings:
    """Settings from file, environment and `overrides` (None means not given). Raises SettingsError."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        slips = [f"{'.'.join(map(str, slip['loc']))}: {slip['msg']}" for slip in error.errors()]
        raise SettingsError("settings.slips", slips=slips) from error
    except ValueError as error:  # tomllib's error is a ValueError
        raise SettingsError("settings.no_toml", reason=error) from error
    if settings.listens_beyond_this_machine and not settings.password:
        raise SettingsError("settings.no_password", host=settings.host)
    return settings
