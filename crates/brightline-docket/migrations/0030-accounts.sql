-- What one account sees to, in each order: the lists that everybody opens first in the morning.
CREATE INDEX cases_by_any_assigned ON cases (agency, assigned, due_at, id);
CREATE INDEX cases_by_assigned_receipt ON cases (agency, assigned, received_at, id);
CREATE INDEX tasks_by_owner ON tasks (agency, owner, stage, due_at, case_id);
-- What is late and was brought before nobody yet: looked for again and again, and nearly empty.
CREATE INDEX tasks_by_escalation ON tasks (agency, due_at, case_id)
    WHERE stage = 'open' AND escalated = 0;
