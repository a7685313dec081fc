-- Systems that are told of events. Times are seconds since 1970; `position` is the last place of
-- the log that was delivered or is of no concern to them.
CREATE TABLE webhooks (
    name TEXT COLLATE "C" PRIMARY KEY,
    url TEXT NOT NULL,
    secret BYTEA NOT NULL,
    agencies TEXT NOT NULL,
    kinds TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    is_dead BIGINT NOT NULL,
    last_fault TEXT NOT NULL,
    leased_until BIGINT NOT NULL
);
