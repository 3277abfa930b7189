DROP INDEX deliveries_sent_on_idx;
