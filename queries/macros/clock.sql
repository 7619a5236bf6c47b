-- Length of a clock interval in minutes. NULL where a time is missing or the interval runs backward: it tells nothing.
CREATE OR REPLACE MACRO clock_minutes(began, ended) AS
    CASE WHEN ended > began THEN (epoch(ended) - epoch(began)) / 60 END;

-- Minutes that two clock intervals share, 0 where they stand apart, NULL where one of them tells nothing.
-- The test of NULL comes first, because greatest() and least() pass NULL over.
CREATE OR REPLACE MACRO shared_minutes(began, ended, other_began, other_ended) AS
    CASE
        WHEN ended > began AND other_ended > other_began
            THEN coalesce(clock_minutes(greatest(began, other_began), least(ended, other_ended)), 0)
    END;

-- A clock time as people write it: 14:05. Text keeps its place where a time is missing.
CREATE OR REPLACE MACRO clock_text(clock_time) AS coalesce(substr(CAST(clock_time AS VARCHAR), 1, 5), '-');

-- The most minutes of those asked that leave no window from an earlier start to this end over its length.
CREATE OR REPLACE MACRO room_to_keep(windows, session_began, session_ended, asked) AS
    greatest(
        0,
        least(
            asked,
            list_min(
                list_transform(
                    list_filter(windows, lambda one : one.began <= session_began),
                    lambda one : session_ended - one.began - one.taken
                )
            )
        )
    );

-- Minutes since midnight as people write a time: 845 is 14:05.
CREATE OR REPLACE MACRO clock_of(minutes_of_day) AS
    format('{:02d}:{:02d}', CAST(floor(minutes_of_day) AS INTEGER) // 60, CAST(floor(minutes_of_day) AS INTEGER) % 60);
