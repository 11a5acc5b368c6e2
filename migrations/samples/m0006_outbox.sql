INSERT INTO outbox (key, kind, change_id, payload, version, created_at, updated_at, state, due_at, error) VALUES
  ('card:1', 'card', '019a0000-0000-7000-8000-000000000001', '{}', 2, 1790000000000001, 1790000000000002, 'waiting', 1790000000000001, NULL),
  ('probe', 'probe', NULL, '{}', 1, 1790000000000001, 1790000000000002, 'dead', 1790000000000001, 'no such channel');
