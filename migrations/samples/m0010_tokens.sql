INSERT INTO tokens (id, name, hash, scopes, person, owner, created_at, revoked_at) VALUES
  ('019a0000-0000-7000-8000-000000000021', 'pipeline', 'sha256:00', '["changes:write"]', NULL, 'approver-1', 1790000000000001, NULL);
