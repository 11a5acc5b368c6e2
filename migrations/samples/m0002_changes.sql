INSERT INTO changes (id, number, key, is_open, lane, sequence, service, environment, source_environment, state, title,
  subject_digest, round, wake_at, opened_at, updated_at, last_seq) VALUES
  ('019a0000-0000-7000-8000-000000000001', 1001, 'key', false, 'lane', 1, 'checkout-api', 'production', 'prod', 'rejected',
   'checkout-api 1.2.3 to prod', 'sha256:00', 1, NULL, 1790000000000001, 1790000000000002, 2),
  ('019a0000-0000-7000-8000-000000000002', 1002, 'key', true, 'lane', NULL, 'checkout-api', 'production', 'prod', 'pending',
   'checkout-api 1.2.4 to prod', 'sha256:01', 1, 1790000000000009, 1790000000000003, 1790000000000004, 3);
