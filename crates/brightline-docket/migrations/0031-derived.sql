-- Under which settings derived rows were made: when the settings are others, they are made again.
CREATE TABLE derived_under (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
