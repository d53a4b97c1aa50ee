"""The language a terminal user reads: the setting, else the environment's locale."""

import os

from tutor.domain import Language


def user_language(setting: str) -> Language:
    if setting == "zh" or setting == "en":
        return setting  # type: ignore[return-value]
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"
