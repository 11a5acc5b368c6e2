INSERT INTO people (id, name, email, source) VALUES ('approver-1', 'Approver One', 'approver-1@example.com', 'file'), ('approver-2', 'Approver Two', NULL, 'file');
INSERT INTO accounts (kind, account, person, source) VALUES ('slack', 'T000000001/U000000002', 'approver-1', 'file');
INSERT INTO directory_groups (source, name) VALUES ('file', 'payments-devs'), ('file', 'nobody');
INSERT INTO memberships (source, group_name, person) VALUES ('file', 'payments-devs', 'approver-1');
