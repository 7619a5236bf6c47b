-- Findings of one kind are those of one rule for one provider and one payer: what comes again, month after month.
CREATE OR REPLACE MACRO kind_of_finding(rule_id, provider, payer) AS
    concat(rule_id, chr(31), coalesce(provider, ''), chr(31), coalesce(payer, ''));
