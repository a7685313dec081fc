-- Passkeys of accounts: a public key each, and how often its device says that it was used.
CREATE TABLE passkeys (
    id BYTEA PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    fixed BYTEA NOT NULL,
    moving BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX passkeys_of_account ON passkeys (account, created_at);

-- Challenges that were answered: each is good once.
CREATE TABLE passkey_challenges (
    challenge BYTEA PRIMARY KEY,
    used_at BIGINT NOT NULL
);
