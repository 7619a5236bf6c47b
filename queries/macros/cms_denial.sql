-- Whether CMS's files say that a line was denied: by its processing indicator, which is A, R or S on a line that was allowed,
-- or by the carrier's denial code. The codes are ResDAC's of LINE_PRCSG_IND_CD and CARR_CLM_PMT_DNL_CD; those of two digits
-- say that another payer comes first. Blank codes say nothing: FALSE.
CREATE OR REPLACE MACRO is_denied_by_cms(processing_indicator, denial_code) AS
    coalesce(processing_indicator NOT IN ('A', 'R', 'S'), FALSE)
    OR coalesce(regexp_full_match(denial_code, '0|[D-KPQT-Y]|[0-9]{2}'), FALSE);
