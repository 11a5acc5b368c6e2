INSERT INTO changes (id, number, key, is_open, lane, sequence, service, environment, source_environment, state, title,
  subject_digest, round, wake_at, opened_at, updated_at, last_seq, promoted, succeeded_at, out_until) VALUES
  ('019a0000-0000-7000-8000-000000000005', 1005, 'key of one that is out', true, 'lane of one that is out', 1, 'checkout-api', 'production', 'production', 'deploying',
   'checkout-api 1.2.5 to production', 'sha256:04', 1, NULL, 1790000000000001, 1790000000000005, 8, 'sha256:05', NULL, 1790086400000005);
