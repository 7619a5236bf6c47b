-- A line's modifiers as a set: in order, each once, without the places that are blank.
CREATE OR REPLACE MACRO modifier_set_of(modifier_1, modifier_2, modifier_3, modifier_4) AS
    list_sort(list_distinct([modifier_1, modifier_2, modifier_3, modifier_4]));

-- Whose turn it is to pay: P, the first, where the export does not say, or says that it is not known (U).
CREATE OR REPLACE MACRO coverage_of(payer_sequence) AS coalesce(nullif(payer_sequence, 'U'), 'P');
