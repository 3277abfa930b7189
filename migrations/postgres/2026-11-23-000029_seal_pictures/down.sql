DROP TABLE seal_pictures;
