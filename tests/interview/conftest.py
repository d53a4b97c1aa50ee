from tests.learning.database import history_url

__all__ = ["history_url"]
