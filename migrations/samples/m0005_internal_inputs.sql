INSERT INTO internal_inputs (target, cause, kind, input, state, due_at) VALUES
  ('019a0000-0000-7000-8000-000000000001', 'opened:019a0000-0000-7000-8000-000000000002', 'supersede', '{}', 'waiting', 1790000000000001);
