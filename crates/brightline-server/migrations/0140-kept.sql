-- What is kept for one account beside the record: filters of the work list, answers typed and not
-- sent, pictures of a paper that is being taken in. Every body is encrypted, and every name is a
-- code. Times are seconds since 1970.
CREATE TABLE kept_for_accounts (
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (account, kind, name)
);
CREATE INDEX kept_by_time ON kept_for_accounts (until_at);
