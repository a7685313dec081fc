"""What schemathesis has to be told of this service: lines of JSON are sent as text."""

import schemathesis

schemathesis.serializer.alias("application/x-ndjson", "text/plain")
