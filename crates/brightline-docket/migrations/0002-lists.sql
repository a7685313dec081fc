-- Orders that lists are asked in, each with an index that ends in the order itself: without one, a
-- page of a million cases sorts all of them.
CREATE INDEX cases_by_any_due ON cases (agency, due_at, id);
CREATE INDEX cases_by_departure ON cases (agency, due_at, id) WHERE departures > 0;
CREATE INDEX cases_by_facility_due ON cases (agency, facility, is_open, due_at, id);
CREATE INDEX cases_by_stage_due ON cases (agency, stage, due_at, id);
