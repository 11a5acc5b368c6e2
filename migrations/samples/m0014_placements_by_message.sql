INSERT INTO placements (change_id, platform, surface, channel, message, shown_seq, threaded_seq, live, updated_at) VALUES
  ('019a0000-0000-7000-8000-000000000002', 'slack', 'deploys', 'C000000001', '1790000000.000200', 1, 1, true, 1790000000000002);
