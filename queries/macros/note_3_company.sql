-- The company of a term: words of everyday use count only beside another term or a body part. note_2_step.sql has marked the
-- terms; here the text parts into sentences and phrases, and a phrase shows what the term is done to.

-- A body part as the notes have it: "to the R upper trap".
CREATE OR REPLACE MACRO note_part() AS
    '(?:' || note_words('body_part.side') || ' )*' || note_words('body_part') || '(?: ' || note_words('body_part.side') || ')*';

-- A phrase that is only a measure, a body part or an aim of relaxation belongs to the one before it ("kneading, 8 min, B UT"),
-- a body part alone to the one behind it ("R calf, kneading"). Notes whose terms need no company stay as they are.
CREATE OR REPLACE MACRO note_join_phrases(body) AS
    CASE
        WHEN regexp_matches(body, getvariable('note_accompanied'))
            THEN body
                .note_mark('[,(]\s*(?:x ?)?(\d)', ' \1')
                .note_mark('[,(]\s*(' || note_part() || ')', ' \1')
                .note_mark('([\n|,(]\s*' || note_part() || '\s*)[,)]', '\1 ')
                .note_mark('[,(]\s*(\w+\s+)?<\*', ' \1<*')
        ELSE body
    END;

-- The sentences of a text, and the phrases of a sentence, that hold a term.
CREATE OR REPLACE MACRO note_sentences(body) AS
    list_filter(string_split(replace(body, '|', e'\n'), e'\n'), lambda sentence: contains(sentence, '<'));

CREATE OR REPLACE MACRO note_phrases(sentence) AS
    list_filter(string_split(translate(sentence, '()', ',,'), ','), lambda phrase: contains(phrase, '<'));

-- A part that is worked on: "kneading to the calf", "calf: kneading", "the calf was kneaded", not "on calves for compression".
CREATE OR REPLACE MACRO note_acts_on(part) AS
    '>.*' || part || '|(?:^\W*|^[^<]*[:!]\s*)(?:' || note_words('body_part.side') || ' )*' || part;

-- Relaxation said of a treatment ("spa massage"), or a phrase of its own ("massage, relaxation").
CREATE OR REPLACE MACRO note_qualifies(term) AS
    '<' || regexp_escape(term) || '>[^<>,{}&^!]{0,25}<|^[^<a-z]*<' || regexp_escape(term) || '>\W*(?:\d[^<]*)?$';

-- Whether a phrase shows what an everyday word is done to, or what a word of relaxation is said of.
CREATE OR REPLACE MACRO note_has_part(phrase, term, class, reach) AS
    CASE
        WHEN class = 'relaxation' THEN regexp_matches(phrase, note_qualifies(term))
        WHEN class = 'massage' AND reach = 'beside' THEN FALSE
        WHEN class = 'massage' THEN regexp_matches(phrase, note_acts_on(note_words('body_part')))
        WHEN reach = 'beside' THEN regexp_matches(phrase, note_words('body_part.segment'))
        WHEN reach = 'technique'
            THEN
                regexp_matches(phrase, note_words('body_part') || '|' || note_words('body_part.segment'))
                OR regexp_matches(phrase, note_words('body_part.joint'))
        -- "mobilized the R ankle", not "the knee was mobilized"
        ELSE
            regexp_matches(phrase, note_acts_on(note_words('body_part')))
            OR regexp_matches(phrase, note_acts_on(note_words('body_part.segment')))
            OR regexp_matches(phrase, '> (?:\w+ ){0,2}' || note_words('body_part.joint'))
    END;
