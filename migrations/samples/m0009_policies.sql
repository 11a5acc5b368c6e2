INSERT INTO policies (digest, name, version, text, loaded_at) VALUES ('sha256:00', 'payments', 3, 'version: 3', 1790000000000001);
INSERT INTO policy_in_force (name, digest) VALUES ('policy', 'sha256:00');
