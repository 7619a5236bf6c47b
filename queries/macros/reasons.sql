-- Why a subject could not be judged, where more than one rule says so: each sentence stands once. The engine makes "not
-- evaluated" of any reason, and the report lists rules by these words.

-- The payer.
CREATE OR REPLACE MACRO reason_self_pay() AS 'self-pay: no payer rule applies';
CREATE OR REPLACE MACRO reason_payer_class_unknown() AS 'the payer is of unknown class';
CREATE OR REPLACE MACRO reason_ncci_not_known(payer_class) AS
    CASE payer_class
        WHEN 'medicaid' THEN 'Medicaid has NCCI edits of its own, which are not loaded'
        ELSE 'the payer is not known to follow NCCI edits'
    END;

-- Who treated. A line without an NPI may be anyone's.
CREATE OR REPLACE MACRO reason_no_npi() AS 'the line has no NPI';
CREATE OR REPLACE MACRO reason_no_npi_on_pair() AS 'a line of the pair has no NPI';
CREATE OR REPLACE MACRO reason_no_npi_on_code() AS 'a line of the code has no NPI';
CREATE OR REPLACE MACRO reason_no_npi_with_note() AS 'a line with the same note has no NPI';
CREATE OR REPLACE MACRO reason_no_rendering_npi() AS 'the lines name no rendering NPI';
CREATE OR REPLACE MACRO reason_unknown_who_treated() AS 'a line of the day does not say who treated';
CREATE OR REPLACE MACRO reason_no_taxonomy() AS 'the line has no taxonomy';

-- The note.
CREATE OR REPLACE MACRO reason_no_note() AS 'the line has no note';
CREATE OR REPLACE MACRO reason_either_kind() AS 'beside massage the note tells of work that may be either kind';
CREATE OR REPLACE MACRO reason_other_language() AS 'the note is in another language than English';
CREATE OR REPLACE MACRO reason_note_too_short() AS 'the note is too short to compare';

-- The minutes.
CREATE OR REPLACE MACRO reason_no_code_minutes() AS 'a timed code has no minutes of its own';
CREATE OR REPLACE MACRO reason_no_timed_minutes() AS
    'a timed line has neither minutes nor clock times and the visit has no total';
CREATE OR REPLACE MACRO reason_minutes_from_clock() AS 'the clock says how many minutes there can be, not how few';
CREATE OR REPLACE MACRO reason_units_like_minutes() AS 'units of the visit look like minutes';
CREATE OR REPLACE MACRO reason_denied_timed_line() AS 'a timed line of the visit was denied';
CREATE OR REPLACE MACRO reason_units_taken_back() AS 'a line of the visit takes units back';
CREATE OR REPLACE MACRO reason_units_of_days() AS 'a line covers several days, over which its units may be spread';
CREATE OR REPLACE MACRO reason_no_clock() AS 'a one-on-one line has no clock times';
CREATE OR REPLACE MACRO reason_institutional() AS 'institutional lines name the facility, not who treated';
CREATE OR REPLACE MACRO reason_outside_edits() AS 'a code of the day is outside the loaded NCCI edits';

-- The export.
CREATE OR REPLACE MACRO reason_no_modifier_column() AS 'the export has no column of modifiers';
CREATE OR REPLACE MACRO reason_re_evaluation() AS 'a re-evaluation is separate by the patient''s changed status, which no line shows';
CREATE OR REPLACE MACRO reason_year_not_held() AS 'the export does not hold the year from its start';
