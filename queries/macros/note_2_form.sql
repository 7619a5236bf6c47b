-- Notes that are forms: boxes ticked or not, answers of yes and no. Before a note is read, what was not ticked goes, and a
-- "no" is put in one form. The steps here look at lines of the note as it was written; note_2_step.sql reads what they leave.

-- Boxes of every kind become ☒ (ticked) or ☐ (not). Squares, rings and blanks are bullets and gaps too: they are boxes only
-- beside a ticked one, squares anywhere in the note, rings and blanks on one line with it.
CREATE OR REPLACE MACRO note_boxes(note_text) AS
    note_text
        .note_mark('[\[(]\s*[xX✓✔√]\s*[\])]|[☑☒✅]|\b_+[xX✓✔√]_+', '☒')
        .note_mark('\[\s*\]|\( +\)|▢', '☐');

-- Where notes are compared word by word a ticked box is a word: forms that are ticked otherwise are not one note.
CREATE OR REPLACE MACRO note_ticks_in_words(note_text) AS
    CASE
        WHEN regexp_matches(note_text, '[☐▢□◻○◯]') THEN note_mark(note_text, '[☑☒✅✔✓■◼●◉⦿]', ' x ')
        ELSE note_text
    END;

CREATE OR REPLACE MACRO note_squares(note_text) AS
    CASE
        WHEN regexp_matches(note_text, '[□◻]') AND regexp_matches(note_text, '[■◼☒☐]')
            THEN translate(note_text, '□◻■◼', '☐☐☒☒')
        ELSE note_text
    END;

CREATE OR REPLACE MACRO note_rings(line) AS
    CASE
        WHEN regexp_matches(line, '[○◯]') AND regexp_matches(line, '[●◉⦿☒]') THEN translate(line, '○◯●◉⦿', '☐☐☒☒☒')
        WHEN contains(line, '☒') THEN note_mark(line, '_{2,}', '☐')
        ELSE line
    END;

-- What belongs to an empty box goes: the words before it on a line that ends with a box and does not begin with one, else the
-- words behind it, to the next box or the end of the sentence; and a label ("Massage:") none of whose boxes is ticked.
CREATE OR REPLACE MACRO note_ticked(line) AS
    CASE
        WHEN regexp_matches(line, '^\W*[A-Za-z/ ]{1,30}: *☐[^☒]*$')
            THEN line.note_mark('^[^:]*:', '').note_mark('☐(?:[^☐;.]|\.\S)*', ' , ')
        WHEN regexp_matches(line, '[☐☒]\W*$') AND NOT regexp_matches(line, '^\W*[☐☒]')
            THEN line.note_mark('[^☐☒,;.]*☐', ' , ')
        ELSE line.note_mark('☐(?:[^☐☒;.]|\.\S)*', ' , ')
    END.replace('☒', ' , ');

CREATE OR REPLACE MACRO note_without_empty_boxes(note_text) AS
    CASE
        WHEN regexp_matches(note_text, '\[\s*\]|\( +\)|[☐□◻▢○◯]|_[xX✓✔√]_')
            THEN array_to_string(
                list_transform(
                    string_split(note_squares(note_boxes(note_text)), e'\n'), lambda line : note_ticked(note_rings(line))
                ),
                e'\n'
            )
        ELSE note_text
    END;

-- "Massage - N", "Massage (N)" and "Massage? No" become "Massage: no", "MFR? Yes" no question, and a wide gap behind an answer a comma.
CREATE OR REPLACE MACRO note_answers(note_text) AS
    note_text
        .note_mark(
            '(?i)(?: +[-–—]+ *| *\( *|\? *)(no?|y|yes)(?: *\)|\b)( *(?:$|[,;|(\n]|\.\s| {2}|\t))', ': \1\2'
        )
        .note_mark('(?i)([:=] *(?:no?|y|yes|0))(?: {2,}|\t)', '\1, ');

CREATE OR REPLACE MACRO note_fill_form(note_text) AS note_answers(note_without_empty_boxes(note_text));

-- A "no" that is the whole answer is marked {Z}: a comma, a line end or the next question follows. "No pain" is no answer.
CREATE OR REPLACE MACRO note_mark_no(body) AS
    body.note_mark(
        '[:=] *(?:no?|0)( *(?:[,()|\n]| (?:[\w/]+ ){0,3}[\w/]+ ?(?:[:=] *(?:yes|y|no?|\d+)\b|\{Z\})))', ' {Z}\1'
    );

-- Labels that were left blank: a term, a colon, and the next term's label or the end.
CREATE OR REPLACE MACRO note_drop_blank_labels(body) AS
    body.note_mark('\n *' || note_list() || ' *:\s*\n(\s*(?:<[^<>\n]*> *:|$))', e'\n\\1');
