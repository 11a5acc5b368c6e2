INSERT INTO changes (id, number, key, is_open, lane, sequence, service, environment, source_environment, state, title,
  subject_digest, round, wake_at, opened_at, updated_at, last_seq, promoted, succeeded_at) VALUES
  ('019a0000-0000-7000-8000-000000000003', 1003, 'key of staging', false, 'lane of staging', 1, 'checkout-api', 'staging', 'staging', 'succeeded',
   'checkout-api 1.2.4 to staging', 'sha256:02', 1, NULL, 1790000000000001, 1790000000000005, 6, 'sha256:03', 1790000000000005);
