"""The template of `bank new`: a whole entry, filled in and passing every check, for a contributor to overwrite."""

from pathlib import Path

from tutor.bank.schema import GROUPS
from tutor.errors import BankError

_TEMPLATE = Path(__file__).with_name("new_entry.txt")


def new_entry(group: str) -> str:
    """YAML of one entry, to be put at the end of the group's file; raises BankError for an unknown group."""
    if group not in GROUPS:
        raise BankError("bank.unknown_group", group=group, known=list(GROUPS))
    template = _TEMPLATE.read_text(encoding="utf-8")
    return f"# At the end of corpus/bank/{group}.yaml; then overwrite every field.\n{template}"
