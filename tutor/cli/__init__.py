"""One file per command of `python -m tutor`, and what app.py and ingest.py do."""
