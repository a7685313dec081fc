"""What schemathesis has to be told of this service: lines of JSON are sent as text, and
Arrow streams as bytes."""

import schemathesis

schemathesis.serializer.alias("application/x-ndjson", "text/plain")
schemathesis.serializer.alias("application/vnd.apache.arrow.stream", "application/octet-stream")
