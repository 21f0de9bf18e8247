"""The engine: what is planned, how one page is examined, how a batch is worked off."""
