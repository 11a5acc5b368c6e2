INSERT INTO outbox (key, kind, change_id, payload, version, created_at, updated_at, state, due_at, error, note, unanswered) VALUES
  ('card:2', 'card', '019a0000-0000-7000-8000-000000000001', '{}', 1, 1790000000000003, 1790000000000004, 'waiting', 1790000000000005, 'the connection broke', NULL, TRUE),
  ('answer:2', 'answer', '019a0000-0000-7000-8000-000000000001', '{}', 1, 1790000000000003, 1790000000000004, 'waiting', 1790000000000005, NULL, 'the sync before ours', FALSE);
