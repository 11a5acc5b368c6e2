INSERT INTO changes (id, number, key, is_open, lane, sequence, service, environment, source_environment, state, title,
  subject_digest, round, wake_at, opened_at, updated_at, last_seq) VALUES
  ('019a0000-0000-7000-8000-000000000015', 1015, 'jenkins-main:a#1:Gate', true, 'other lane', NULL, 'checkout-api', 'production', 'prod',
   'pending', 'checkout-api 1.2.5 to prod', 'sha256:02', 1, 1790000000000009, 1790000000000003, 1790000000000004, 3);
