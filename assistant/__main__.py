"""`python -m assistant` is `coach`."""

import sys

from assistant.cli import main

sys.exit(main())
