INSERT INTO events (stream, seq, at, kind, body) VALUES
  ('change:019a0000-0000-7000-8000-000000000001', 1, 1790000000000001, 'cancelled', '{"v":1}'),
  ('change:019a0000-0000-7000-8000-000000000001', 2, 1790000000000002, 'cancelled', '{"v":1}'),
  ('policy', 1, 1790000000000003, 'policy_loaded', '{"v":1}');
