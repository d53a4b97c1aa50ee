"""What the program has to say to a person, as a key with values and a template in each language."""

from tutor.messages.message import Message

__all__ = ["Message"]
