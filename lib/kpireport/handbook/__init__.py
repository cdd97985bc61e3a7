"""The handbook: its pages stand in `lib/handbook/`; the data dictionary and the rules' worked examples are made here."""
