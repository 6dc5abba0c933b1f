-- Which version of the software worked a summary out, in numbers of its own; those from before are worked out again.
ALTER TABLE request_summaries ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
