-- Accounts that a provider of OpenID Connect signs in. `subject` is empty until the first time,
-- when the provider has to vouch for `email`. Times are seconds since 1970.
CREATE TABLE openid_links (
    account TEXT COLLATE "C" PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    email TEXT NOT NULL,
    linked_at BIGINT NOT NULL
);
CREATE INDEX openid_links_by_subject ON openid_links (issuer, subject);
CREATE INDEX openid_links_by_email ON openid_links (issuer, email);
