INSERT INTO deliveries (id, source, key, body_digest, event, status, signals, body, received_at, state, due_at) VALUES
  ('019a0000-0000-7000-8000-000000000011', 'gitlab-main', 'a', 'sha256:00', 'Deployment Hook/blocked', 'accepted', '[]', '\x00',
   1790000000000001, 'waiting', 1790000000000001),
  ('019a0000-0000-7000-8000-000000000012', 'gitlab-main', 'b', 'sha256:01', 'Push Hook', 'ignored', NULL, '\x00',
   1790000000000001, 'done', 1790000000000001);
