-- The shapes that the reading of treatment notes looks for. note_2_step.sql puts these marks into a text (characters that
-- the text itself no longer holds, they were folded away first):
--   <term>   a term of the lexicon                {X}  a context word, X the letter of its reach; {Z} the answer "no"
--   <*aim>   relaxation as an aim ("for stress relief")
--   #  a section that is not treatment begins     %  a section that may be treatment begins
--   |  a new clause begins ("but")                !  a word of delivery ("performed"): a phrase ends here
--   ^  "no ..." does not reach across this word   & and /  join terms to a list
-- A phrase ends at a comma, a bracket, a dash, | or !, a sentence at a line end.

-- Puts a mark in the place of every match.
CREATE OR REPLACE MACRO note_mark(body, pattern, mark) AS regexp_replace(body, pattern, mark, 'g');

-- A term as it stands in a text: whole words, every character literal.
CREATE OR REPLACE MACRO note_term(term) AS
    (CASE WHEN regexp_matches(term, '^\w') THEN '\b' ELSE '' END)
    || regexp_escape(term)
    || (CASE WHEN regexp_matches(term, '\w$') THEN '\b' ELSE '' END);

-- One alternative for each term, in the order given. No terms: a pattern that matches nothing.
CREATE OR REPLACE MACRO note_any(terms) AS
    '(?:' || coalesce(nullif(array_to_string(list_transform(terms, lambda t: note_term(t)), '|'), ''), '\b\B') || ')';

-- The pattern of one kind of lexicon term. It is constant during a statement, so it is compiled once.
CREATE OR REPLACE MACRO note_words(kind) AS coalesce(getvariable('note_patterns')[kind], '(?:\b\B)');

-- The heading of a section: "P:", or alone on its line, or opening a line as "P - ", "P/ " or "P) ".
CREATE OR REPLACE MACRO note_heading(any_of) AS
    '(?:\s' || any_of || '\s*:|\n *' || any_of || ' *(?:[-)./] |\n))';

-- Up to `most` words of a phrase, none of them marked.
CREATE OR REPLACE MACRO note_up_to(most) AS '(?:[^\s,()|^<>{}&#%!/]+ +){0,' || most || '}';

-- Two kinds of words, one after the other, with up to `most` words between.
CREATE OR REPLACE MACRO note_pair(first, most, second) AS note_words(first) || ' ' || note_up_to(most) || note_words(second);

-- An aim put together from a verb and its object: "reduce lower back pain".
CREATE OR REPLACE MACRO note_aim() AS note_pair('therapeutic_aim.verb', 2, 'therapeutic_aim.object');

-- Relaxation as the aim: "for", up to two words, and a marked word of relaxation.
CREATE OR REPLACE MACRO note_relaxation_aim() AS
    '(' || note_words('relaxation.verb') || ' ' || note_up_to(2) || ')<(' || note_words('relaxation.object') || ')>';

-- The terms of one kind: a class, a class and a reach, or a class and `any`.
CREATE OR REPLACE MACRO note_list_of(kind) AS coalesce(getvariable('note_terms')[kind], []);

-- Treatments and relaxation, every class.
CREATE OR REPLACE MACRO note_treatments() AS list_concat(
    note_list_of('massage.any'), note_list_of('manual.any'), note_list_of('ambiguous.any'), note_list_of('relaxation.any')
);

-- The pattern of every term to be found. Where two begin alike, the longer one comes first.
CREATE OR REPLACE MACRO note_every_term() AS
    '(?:' || note_aim() || '|'
    || note_any(list_sort(list_concat(note_treatments(), note_list_of('therapeutic_aim')), 'DESC')) || ')';

-- One marked term, or several joined: <a>, or <a> / <b>.
CREATE OR REPLACE MACRO note_list() AS '<[^<>]*>(?:\s*/\s*<[^<>]*>)*';

-- A context word, then its list of terms with up to `most` words between.
CREATE OR REPLACE MACRO note_before(reaches, most) AS
    '\{[' || reaches || ']\}[ :]*' || note_up_to(most) || note_list();

-- A list of terms, then its context word in the same phrase.
CREATE OR REPLACE MACRO note_after(reaches) AS note_list() || '[^,()|!<\n#%]*\{[' || reaches || ']\}';
