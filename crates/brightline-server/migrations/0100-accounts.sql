-- Who may sign in, and what each may do. Times are seconds since 1970.
CREATE TABLE accounts (
    name TEXT COLLATE "C" PRIMARY KEY,
    person TEXT NOT NULL,
    password TEXT NOT NULL,
    factor BYTEA NOT NULL,
    factor_step BIGINT NOT NULL,
    roles TEXT NOT NULL,
    agencies TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    locked_at BIGINT NOT NULL
);

-- Failed tries by the name typed in, whether or not there is such an account.
CREATE TABLE failed_tries (
    name TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX failed_tries_by_name ON failed_tries (name, at);

-- A session is found by the digest of its cookie; the cookie itself is kept nowhere.
CREATE TABLE sessions (
    digest BYTEA PRIMARY KEY,
    account TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_of_account ON sessions (account);

-- A link that makes or mends one account, once.
CREATE TABLE invitations (
    digest BYTEA PRIMARY KEY,
    name TEXT NOT NULL,
    person TEXT NOT NULL,
    roles TEXT NOT NULL,
    agencies TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);

-- Tokens of other systems.
CREATE TABLE tokens (
    digest BYTEA PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    scopes TEXT NOT NULL,
    agencies TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX tokens_by_name ON tokens (name);

-- What happened to accounts: sign-ins, failures, locks, changes. Nothing here is ever changed.
CREATE TABLE account_events (
    at BIGINT NOT NULL,
    name TEXT NOT NULL,
    event TEXT NOT NULL,
    by_account TEXT NOT NULL
);
CREATE INDEX account_events_by_name ON account_events (name, at);
