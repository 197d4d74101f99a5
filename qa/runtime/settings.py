"""Reads all settings once from the environment; each is a field of a group, with its type, range, default and help."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from qa.runtime.setting_groups.models import ModelSettings
from qa.runtime.setting_groups.publishing import PublishingSettings
from qa.runtime.setting_groups.service import ServiceSettings
from qa.runtime.setting_groups.sign_on import SignOnSettings
from qa.runtime.setting_groups.storage import ROOT as ROOT
from qa.runtime.setting_groups.storage import StorageSettings
from qa.runtime.setting_types import range_of

PREFIX = "QA_"
GUIDE = "docs/settings.md"


class SettingsError(Exception):
    """A setting is unknown or holds an invalid value."""


class Settings(ModelSettings, SignOnSettings, ServiceSettings, PublishingSettings, StorageSettings):
    """The settings of the program, read and checked; paths are absolute. Those of the last group come first."""

    def packed(self) -> dict[str, Any]:
        """Return all values as JSON values, the secrets included."""
        secrets = {"llm_key": self.llm_key, "sso_secret": self.sso_secret}
        secrets |= {"database_url": self.database_url, "snapshots_url": self.snapshots_url}
        secrets |= {"search_url": self.search_url}
        return self.model_dump(mode="json") | {name: one.get_secret_value() for name, one in secrets.items()}


def variable(field: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + field.upper()


def names() -> list[str]:
    """Return the environment variables of all settings, in order."""
    return [variable(field) for field in Settings.model_fields]


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings of an environment; unset or empty ones have their default.

    A relative path in the environment starts at the working directory, a default one at the project.
    Raises `SettingsError` for an unknown `QA_` name and for an invalid value.
    """
    known = set(names())
    given = {}
    for name in sorted(environment):
        if name.startswith(PREFIX):
            if name not in known:
                raise SettingsError(f"{name} is not a setting; see {GUIDE}")
            if value := environment[name].strip():
                given[name.removeprefix(PREFIX).lower()] = value
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise SettingsError(f"{_sentence(error, given)}, see {GUIDE}") from error


def _sentence(error: ValidationError, given: Mapping[str, str]) -> str:
    """Return a sentence on the first fault, and on what to write instead."""
    fault = error.errors()[0]
    advice = str(fault.get("ctx", {}).get("error", ""))
    if not fault["loc"]:
        return advice
    field = str(fault["loc"][0])
    span = range_of(Settings.model_fields[field])
    return f"{variable(field)} is {given[field]!r}; " + (f"give a number {span}" if span else advice)
