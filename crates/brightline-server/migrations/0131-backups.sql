-- When backups were made, so that the service can say how old the last one is.
CREATE TABLE backups (
    made_at BIGINT PRIMARY KEY,
    entries BIGINT NOT NULL,
    root TEXT NOT NULL
);
