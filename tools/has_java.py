"""Exit with 0 if a Java that can run the local broker is at hand."""

import sys

sys.path.insert(0, ".")

from streams.broker.errors import BrokerError
from streams.broker.java import find_java

try:
    find_java("auto")
except BrokerError:
    sys.exit(1)
