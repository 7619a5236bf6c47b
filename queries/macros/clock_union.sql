-- How many minutes a list of clock intervals covers in all, each minute once: whole minutes, the rest of one dropped. Takes
-- structs of began and ended; the walk goes in order of beginning and carries how far the clock is covered.
CREATE OR REPLACE MACRO covered_minutes(intervals) AS
    CASE
        -- Most lists are empty, and a walk over nothing takes as long as one over some.
        WHEN coalesce(len(intervals), 0) = 0 THEN 0
        ELSE CAST(
            floor(
                coalesce(
                    list_reduce(
                        list_transform(
                            list_sort(CAST(intervals AS STRUCT(began TIME, ended TIME) [])),
                            lambda one : {
                                'began': epoch(one.began) / 60, 'ended': epoch(one.ended) / 60, 'covered': CAST(0 AS DOUBLE)
                            }
                        ),
                        lambda walked, one : {
                            'began': walked.began,
                            'ended': greatest(walked.ended, one.ended),
                            'covered': walked.covered + greatest(0, one.ended - greatest(one.began, walked.ended))
                        },
                        {'began': CAST(0 AS DOUBLE), 'ended': CAST(0 AS DOUBLE), 'covered': CAST(0 AS DOUBLE)}
                    ).covered, 0
                ) + 1e-6
            ) AS INTEGER
        )
    END;
