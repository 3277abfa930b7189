-- The post of a day is looked up by the day on which it left.
CREATE INDEX deliveries_sent_on_idx ON deliveries (sent_on);
