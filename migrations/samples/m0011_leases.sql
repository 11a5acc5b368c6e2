INSERT INTO leases (name, holder, fence, until) VALUES ('slack-socket', 'node-1', 4, 1790000000000001);
