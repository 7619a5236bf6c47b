"""MAN001 to MAN004: massage and manual therapy under each other's code, side by side, or for relaxation alone."""

from practice.desk import Desk, Line, svc

_Noted = tuple[str, str, str, str]  # payer, role, body region, note

_MASSAGE_NOTES: tuple[_Noted, ...] = (
    ("MCR", "PT", "low back", "Effleurage and petrissage to lumbar paraspinals to decrease spasm. Pain 6 before, 4 after."),
    ("MCR", "OT", "hand", "Kneading of forearm flexors and stroking of the wrist to reduce edema, sitting at table."),
    ("MCD", "PT", "neck", "Deep tissue massage to upper traps and levator to reduce pain; sat easier afterwards."),
    ("MCD", "PTA", "knee", "Friction massage to iliotibial band, then effleurage to improve circulation. Tender at first."),
    ("UHC", "PT", "knee", "Petrissage, tapotement to quads in supine to decrease tightness after long drive."),
    ("AET", "PT", "ankle", "Therapeutic massage to gastroc-soleus for swelling control, leg elevated, skin intact."),
    ("BCBS", "PT", "shoulder", "Stroking and kneading along rhomboids, prone, to reduce guarding. Breathing easier at end."),
    ("WC", "OT", "hand", "Swedish massage to forearm extensors to decrease pain from gripping; ice given to take home."),
    ("SELF", "PT", "ankle", "Circular friction and compression to plantar fascia to reduce pain on first steps in the morning."),
)
_MANUAL_NOTES: tuple[_Noted, ...] = (
    ("UHC", "MT", "low back", "Grade III joint mobilization L4-L5 to restore extension; end feel less firm after."),
    ("AET", "MT", "low back", "Myofascial release to thoracolumbar fascia to improve forward bending, two-minute holds."),
    ("BCBS", "MT", "neck", "Manual traction to cervical spine in supine to improve rotation. Arm symptoms centralized."),
    ("BCBS", "DC", "neck", "Spinal manipulation T4-T8, prone, to restore motion between the shoulder blades."),
    ("WC", "MT", "low back", "Soft tissue mobilization of lumbar scar to improve forward bending; moves freely at end."),
    ("UHC", "PT", "ankle", "Posterior glides of talus and mobilization with movement to improve dorsiflexion on step."),
    ("SELF", "MT", "low back", "Muscle energy technique to left sacroiliac joint to improve pelvic motion; gait even after."),
    ("AET", "DC", "low back", "Manual lymphatic drainage of the low back after a bruising fall to reduce swelling."),
)
_RELAXATION_NOTES: tuple[tuple[str, str, str, str], ...] = (
    ("UHC", "MT", "97124", "Full-body relaxation massage with aromatherapy, patient enjoyed the session."),
    ("BCBS", "MT", "97124", "Swedish massage, long effleurage strokes, for stress relief at end of work week."),
    ("AET", "MT", "97124", "Wellness massage, full back and legs, kneading throughout; fell asleep on table."),
    ("WC", "MT", "97124", "Spa style hot stone massage of the back and shoulders, very pleasant hour."),
    ("MCR", "PT", "97140", "Gentle massage and myofascial release along the spine for relaxation and general wellness."),
    ("MA", "PT", "97140", "Massage and soft tissue mobilization for stress relief before the holidays, as requested."),
    ("BCBS", "PT", "97140", "Back massage and manual traction to unwind after travel, general wellness visit."),
)
_NEAR_MASSAGE: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("MAN001", "MCR", "PT", "97140", "neck",
     "Grade II joint mobilization C5-C6 to restore rotation, then effleurage to settle the tissue.",
     "both kinds were delivered"),
    ("MAN001", "MCD", "PT", "97140", "shoulder",
     "Myofascial release to pectorals to improve reach. Will begin massage next visit.",
     "massage is planned, not delivered"),
    ("MAN001", "MCR", "PT", "97140", "shoulder",
     "No massage performed today. Posterior glides of humerus to improve flexion.",
     "massage is negated"),
    ("MAN001", "UHC", "PT", "97140", "low back",
     "Had massage elsewhere last month without benefit. Manual traction to lumbar spine to restore motion.",
     "massage is history"),
    ("MAN001", "AET", "OT", "97140", "hand",
     "Joint mobilization of thumb CMC to improve pinch. Instructed in self massage at home.",
     "massage is advice for home"),
    ("MAN001", "BCBS", "PT", "97140", "low back",
     "Trigger point work and soft tissue work to glutes to reduce pain, side-lying.",
     "ambiguous terms count for neither kind"),
    ("MAN001", "MCR", "PT", "97140", "ankle",
     "Soft tissue work to calf to improve dorsiflexion. Plan: add massage next session if still sore.",
     "only ambiguous work was delivered, massage is a plan"),
    ("MAN002", "SELF", "MT", "97124", "neck",
     "Stroking and kneading of suboccipitals to ease pain; chiropractor to do manipulation next week.",
     "massage was delivered, manipulation is planned"),
    ("MAN002", "UHC", "MT", "97124", "ankle",
     "Effleurage and petrissage to calf to reduce swelling; joint mobilization deferred.",
     "massage was delivered, mobilization was not"),
    ("MAN002", "AET", "MT", "97124", "neck",
     "Kneading to upper trapezius to reduce pain. No joint mobilization performed.",
     "mobilization is negated"),
    ("MAN002", "BCBS", "MT", "97124", "low back",
     "Petrissage to lumbar paraspinals to decrease spasm. Will add manual traction next visit.",
     "traction is planned, not delivered"),
    ("MAN002", "WC", "DC", "97124", "low back",
     "Friction massage to gluteus medius and myofascial release to lumbar fascia to improve flexion.",
     "both kinds were delivered"),
    ("MAN002", "UHC", "MT", "97124", "shoulder",
     "Trigger point release and cupping to rhomboids to decrease pain, prone with pillow.",
     "ambiguous terms count for neither kind"),
    ("MAN004", "UHC", "MT", "97124", "low back",
     "Massage to lumbar paraspinals to reduce muscle spasm and pain; relaxing for patient.",
     "a therapeutic aim is stated"),
    ("MAN004", "BCBS", "MT", "97124", "neck",
     "Petrissage for relaxation of hypertonic upper trapezius to decrease pain with turning.",
     "relaxing a muscle is a therapeutic aim"),
    ("MAN004", "AET", "PT", "97140", "ankle",
     "Myofascial release to calf to improve dorsiflexion; patient reports less stress at work.",
     "a therapeutic aim is stated; stress is what the patient said"),
    ("MAN004", "WC", "MT", "97124", "shoulder",
     "Deep effleurage to rhomboids to reduce guarding after shift; room kept quiet, patient relaxed.",
     "a therapeutic aim is stated; being relaxed is how the patient was"),
    ("MAN004", "MCD", "PT", "97140", "knee",
     "Posterior glides of tibia to improve knee flexion. Stress of caring for family discussed.",
     "a therapeutic aim is stated; stress is talked about, not treated"),
    ("MAN004", "SELF", "MT", "97124", "neck",
     "Relaxation massage with long effleurage strokes, birthday gift from family.",
     "self-pay: a patient may buy what they like"),
)  # fmt: skip


def plant(desk: Desk) -> None:
    """Plant the cases of this family."""
    _massage_as_manual(desk)
    _manual_as_massage(desk)
    _both_the_same_day(desk)
    _both_but_apart(desk)
    _relaxation(desk)
    for rule_id, payer, role, code, region, note, why in _NEAR_MASSAGE:
        desk.decoy(rule_id, desk.visit(payer, [svc(code, 2, note=note)], role, region=region).lines[0], why)


def _massage_as_manual(desk: Desk) -> None:
    for nth, (payer, role, region, note) in enumerate(_MASSAGE_NOTES):
        lines = [svc("97140", 1 + nth % 2, note=note), *([svc("97110", 1)] if nth % 3 else [])]
        line = desk.visit(payer, lines, role, region=region).lines[0]
        if payer == "MCD":
            desk.finding("MAN001", line, "the note tells of massage only, and this payer does not cover massage")
        else:
            desk.no_dollars(
                "MAN001", line, "the note tells of massage only, billed as manual therapy; the payer may cover massage"
            )


def _manual_as_massage(desk: Desk) -> None:
    for payer, role, region, note in _MANUAL_NOTES:
        line = desk.visit(payer, [svc("97124", 2, note=note)], role, region=region).lines[0]
        desk.no_dollars("MAN002", line, "the note tells of manual therapy only, billed as massage")


def _both_the_same_day(desk: Desk) -> None:
    cases: list[tuple[str, str, list[Line], int]] = [
        ("UHC", "PT", [svc("97140", 1), svc("97124", 1)], 1),
        ("UHC", "DC", [svc("97124", 2), svc("97140", 1)], 0),
        ("MA", "PT", [svc("97110", 1), svc("97140", 1), svc("97124", 1)], 2),
        ("MA", "OT", [svc("97140", 1), svc("97124", 2)], 1),
        ("AET", "PT", [svc("97140", 1), svc("97124", 1)], 1),
        ("BCBS", "PT", [svc("97124", 1), svc("97140", 2)], 0),
        ("WC", "PT", [svc("97140", 1), svc("97124", 2), svc("97112", 1)], 1),
    ]
    for payer, role, lines, place in cases:
        line = desk.visit(payer, lines, role).lines[place]
        if payer in {"UHC", "MA"}:
            desk.finding("MAN003", line, "97124 beside 97140 by one provider: under NCCI only 97140 is payable")
        else:
            desk.no_dollars("MAN003", line, "97124 beside 97140 by one provider; the payer has not stated that it follows NCCI")
    line = desk.visit("MCR", [svc("97140", 1), svc("97124", 1)]).lines[1]
    desk.finding("MAN003", line, "97124 beside 97140 by one provider: under NCCI only 97140 is payable")
    desk.no_dollars("MED001", line, "97124 sent to Medicare within a therapy plan")
    first = desk.visit("UHC", [svc("97140", 2)], provider="PT1")
    second = desk.second(first, [svc("97124", 1)])
    desk.finding("MAN003", second.lines[0], "the pair stands on two claims of one day and provider")


def _both_but_apart(desk: Desk) -> None:
    for payer, provider in (("UHC", "PT1"), ("BCBS", "PT3")):
        first = desk.visit(payer, [svc("97140", 2)], provider=provider)
        second = desk.second(first, [svc("97124", 2)], "MT")
        desk.decoy("MAN003", second.lines[0], "97140 of the day is another provider's")
    for payer in ("AET", "BCBS"):
        claim = desk.visit(payer, [svc("97140", 1, mods="59"), svc("97124", 1)])
        desk.no_dollars("MAN003", claim.lines[1], "a 59 says that the two were separate: the record must show separate areas")
    for payer, lines in (
        ("UHC", [svc("97140", 1, mods="59"), svc("97124", 1)]),
        ("MA", [svc("97140", 1), svc("97124", 1, mods="XU")]),
    ):
        line = desk.visit(payer, lines).lines[1]
        desk.decoy("MAN003", line, "the payer follows NCCI: the modifier on the pair is MOD003's matter")
        desk.finding("MOD003", line, "97140/97124 has indicator 0: no modifier bypasses it")
    claim = desk.visit("UHC", [svc("97124", 2), svc("97110", 1)])
    desk.decoy("MAN003", claim.lines[0], "no manual therapy that day")


def _relaxation(desk: Desk) -> None:
    for payer, role, code, note in _RELAXATION_NOTES:
        line = desk.visit(payer, [svc(code, 2, note=note)], role).lines[0]
        line.justification, line.response = "patient request", "content"
        desk.finding("MAN004", line, "relaxation or wellness is the only purpose stated")
