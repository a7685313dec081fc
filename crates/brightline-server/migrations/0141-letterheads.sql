-- Where agencies are reached, as an administrator wrote it on the page; the lines of the address
-- are parted by line feeds. Times are seconds since 1970.
CREATE TABLE letterheads (
    agency TEXT COLLATE "C" PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    contact TEXT NOT NULL,
    telephone TEXT NOT NULL,
    email TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);
