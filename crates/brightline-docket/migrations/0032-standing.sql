-- Which master key wraps what is new: `current`, `older`, or `retired` once it is out of the file.
ALTER TABLE masters ADD COLUMN standing TEXT NOT NULL DEFAULT 'older';
