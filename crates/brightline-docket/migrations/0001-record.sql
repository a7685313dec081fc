-- Ground state: the tree's head, the entries, the keys of their bodies.
CREATE TABLE head (
    one BIGINT PRIMARY KEY,
    size BIGINT NOT NULL,
    frontier BYTEA NOT NULL,
    last_at BIGINT NOT NULL
);

CREATE TABLE entries (
    position BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    commitment BYTEA NOT NULL,
    body BYTEA NOT NULL
);
CREATE UNIQUE INDEX entries_of_case ON entries (case_id, number);

CREATE TABLE keys (
    case_id BIGINT PRIMARY KEY,
    master TEXT NOT NULL,
    wrapped BYTEA NOT NULL
);
CREATE INDEX keys_by_master ON keys (master, case_id);

-- Which master keys have ever wrapped a key here, with a proof by which each is recognized.
CREATE TABLE masters (
    id TEXT PRIMARY KEY,
    proof BYTEA NOT NULL
);

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    next BIGINT NOT NULL
);

-- Ground state: the law that was in force here, file by file, found by digest.
CREATE TABLE law_files (
    digest TEXT PRIMARY KEY,
    bytes BYTEA NOT NULL
);
CREATE TABLE releases (
    digest TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    author TEXT NOT NULL,
    author_person TEXT NOT NULL,
    publisher TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    signature TEXT NOT NULL
);
CREATE TABLE release_files (
    release_digest TEXT NOT NULL,
    path TEXT NOT NULL,
    file_digest TEXT NOT NULL,
    PRIMARY KEY (release_digest, path)
);
CREATE TABLE release_packs (
    pack_digest TEXT NOT NULL,
    pack TEXT NOT NULL,
    release_digest TEXT NOT NULL,
    PRIMARY KEY (pack_digest, release_digest)
);

-- Derived: everything below can be deleted and built again from the entries.
CREATE TABLE cases (
    id BIGINT PRIMARY KEY,
    reference TEXT COLLATE "C" NOT NULL,
    jurisdiction TEXT NOT NULL,
    agency TEXT NOT NULL,
    version BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    stage TEXT NOT NULL,
    is_open BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    channel TEXT NOT NULL,
    facility TEXT NOT NULL,
    assigned TEXT NOT NULL,
    acts TEXT NOT NULL,
    open_facts BIGINT NOT NULL,
    departures BIGINT NOT NULL,
    record_class TEXT NOT NULL,
    is_held BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX cases_by_reference ON cases (reference);
CREATE INDEX cases_by_receipt ON cases (agency, received_at, id);
CREATE INDEX cases_by_due ON cases (agency, is_open, due_at, id);
CREATE INDEX cases_by_stage ON cases (agency, stage, received_at, id);
CREATE INDEX cases_by_facility ON cases (agency, facility, received_at, id);
CREATE INDEX cases_by_assigned ON cases (agency, assigned, is_open, due_at, id);
CREATE INDEX cases_by_expiry ON cases (is_held, expires_at);

CREATE TABLE case_acts (
    case_id BIGINT NOT NULL,
    act TEXT NOT NULL,
    agency TEXT NOT NULL,
    outcome TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, act)
);
CREATE INDEX case_acts_by_act ON case_acts (agency, act, received_at, case_id);

CREATE TABLE tasks (
    case_id BIGINT NOT NULL,
    task TEXT NOT NULL,
    agency TEXT NOT NULL,
    owner TEXT NOT NULL,
    stage TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    escalated BIGINT NOT NULL,
    PRIMARY KEY (case_id, task)
);
CREATE INDEX tasks_by_due ON tasks (agency, stage, due_at, case_id);

-- Tokens of a keyed hash: a name is found by who types it, and read by nobody.
CREATE TABLE name_tokens (
    agency TEXT NOT NULL,
    token BYTEA NOT NULL,
    case_id BIGINT NOT NULL,
    PRIMARY KEY (agency, token, case_id)
);
CREATE INDEX name_tokens_of_case ON name_tokens (case_id);

CREATE TABLE checkpoints (
    size BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    note TEXT NOT NULL
);
