INSERT INTO versions (name, version) VALUES ('lane:gitlab-main/payments/checkout-api/prod', 4);
