DROP TABLE standing_bars;
DROP TABLE standings;
