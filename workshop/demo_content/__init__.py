"""The demonstration “Lucca In… famiglia”: its words (JSON, in Italian) and how they are played through the front door."""
