"""Brings the index up to date: python ingest.py [PATH ...] (no path: corpus/ and the library)."""

import argparse
import sys

from tutor.cli.ingest import run_ingest


def main() -> int:
    parser = argparse.ArgumentParser(description="Chunk and embed documents into the index.")
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files, folders or globs; none: corpus/ and the library"
    )
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    parser.add_argument("--rebuild", action="store_true", help="start the index anew, for another embedding model")
    args = parser.parse_args()
    return run_ingest(args.paths, as_json=args.json, rebuild=args.rebuild)


if __name__ == "__main__":
    sys.exit(main())
