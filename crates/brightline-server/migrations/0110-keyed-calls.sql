-- Calls that carry a key of their own, for a day: the same call is done once and has one answer.
-- `code` 0: it is being answered, or whoever answered it stopped before the answer was kept.
CREATE TABLE keyed_calls (
    caller TEXT NOT NULL,
    call_key TEXT NOT NULL,
    digest BYTEA NOT NULL,
    begun_at BIGINT NOT NULL,
    code BIGINT NOT NULL,
    answer BYTEA NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (caller, call_key)
);
CREATE INDEX keyed_calls_by_time ON keyed_calls (begun_at);
CREATE INDEX keyed_calls_by_reference ON keyed_calls (reference);
