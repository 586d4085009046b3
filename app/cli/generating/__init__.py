"""The generator of an office history: lives through examples with the engine and stamps them out in great number."""
