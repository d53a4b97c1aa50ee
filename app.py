"""Opens the tutor in the browser: python app.py"""

import sys

from tutor.cli.app import run_app

if __name__ == "__main__":
    sys.exit(run_app(sys.argv[1:]))
