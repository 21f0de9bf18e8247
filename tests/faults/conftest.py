"""The fixtures of the engine's tests."""

from tests.engine.conftest import ledger, page, plan, root

__all__ = ["ledger", "page", "plan", "root"]
