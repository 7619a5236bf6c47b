"""Words that notes are put together from. Hands-on codes keep to their own terms: massage strokes, or joint and fascia work."""

REGIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "neck": {
        "dx": ("M54.2", "M62.838", "M53.82"),
        "areas": ("cervical paraspinals", "upper trapezius", "levator scapulae", "suboccipitals"),
        "joint": ("C4-C6 facets", "C2-C3 segment", "upper thoracic segments", "first rib"),
        "aim": ("turn the head to check traffic", "look over the shoulder", "read at a desk for an hour", "sleep all night"),
    },
    "shoulder": {
        "dx": ("M25.511", "M75.41", "M75.01"),
        "areas": ("posterior cuff", "upper trapezius", "pectoralis minor", "rhomboids"),
        "joint": ("glenohumeral joint", "scapulothoracic joint", "acromioclavicular joint", "sternoclavicular joint"),
        "aim": ("reach an overhead shelf", "fasten a seat belt", "lift a gallon jug", "wash the hair"),
    },
    "low back": {
        "dx": ("M54.50", "M54.16", "M51.360"),
        "areas": ("lumbar paraspinals", "quadratus lumborum", "gluteus medius", "thoracolumbar fascia"),
        "joint": ("L4-L5 segment", "sacroiliac joint", "L2-L3 segment", "thoracolumbar junction"),
        "aim": ("sit through a work shift", "lift laundry from the floor", "walk half a mile", "get out of a low chair"),
    },
    "knee": {
        "dx": ("M25.561", "M17.11", "Z47.1"),
        "areas": ("quadriceps", "iliotibial band", "hamstrings", "gastrocnemius"),
        "joint": ("patellofemoral joint", "tibiofemoral joint", "proximal tibiofibular joint", "patella"),
        "aim": ("climb one flight of stairs", "kneel in the garden", "rise from a chair", "walk on grass"),
    },
    "ankle": {
        "dx": ("M25.571", "S93.401D", "M76.61"),
        "areas": ("gastrocnemius", "soleus", "peroneals", "plantar fascia"),
        "joint": ("talocrural joint", "subtalar joint", "midfoot", "distal tibiofibular joint"),
        "aim": ("descend stairs", "stand for a full shift", "walk without a limp", "step off a curb"),
    },
    "hand": {
        "dx": ("M25.531", "G56.01", "S62.101D"),
        "areas": ("wrist flexors", "wrist extensors", "thenar eminence", "forearm pronators"),
        "joint": ("radiocarpal joint", "carpometacarpal joint of the thumb", "MCP joints", "distal radioulnar joint"),
        "aim": ("turn a key", "open a jar", "type for half an hour", "button a shirt"),
    },
}

MANUAL: tuple[str, ...] = (
    "grade II joint mobilization", "grade III joint mobilization", "grade III-IV joint mobilization", "myofascial release",
    "soft tissue mobilization", "manual traction", "sustained-hold joint mobilization", "mobilization with movement",
    "manual lymphatic drainage", "muscle energy technique", "posterior glides", "anterior glides", "lateral glides",
)  # fmt: skip
MASSAGE: tuple[str, ...] = (
    "effleurage and petrissage", "deep effleurage", "petrissage and kneading", "cross-fiber friction", "kneading and stroking",
    "tapotement then effleurage", "slow stroking and kneading", "friction massage", "therapeutic massage with petrissage",
    "effleurage, then circular friction", "petrissage in sidelying", "deep kneading",
)  # fmt: skip
MASSAGE_AIM: tuple[str, ...] = (
    "to reduce pain", "to reduce muscle spasm", "to improve circulation", "to decrease edema", "to decrease guarding",
    "to reduce tone", "to ease pain after loading", "to decrease muscle tightness", "to reduce swelling",
    "to decrease tenderness",
)  # fmt: skip
MANUAL_AIM: tuple[str, ...] = (
    "to restore range of motion", "to improve flexion", "to improve rotation", "to restore end-range extension",
    "to reduce stiffness", "to improve mobility for function", "to regain motion lost since onset", "to improve arthrokinematics",
    "to decrease capsular restriction", "to restore side bending",
)  # fmt: skip

# What was done under each other code.
DONE: dict[str, tuple[str, ...]] = {
    "97110": (
        "bridging", "heel raises", "wall slides", "step-ups", "sidelying clams", "band rows", "mini squats", "leg press",
        "quad sets", "straight leg raises", "scapular retraction", "prone press-ups", "stationary bike", "chin tucks",
        "resisted external rotation", "calf stretch on slant board", "hamstring curls", "grip strengthening",
        "resisted wrist extension", "lat pull-down", "hip abduction in standing", "open books", "cat-camel", "bird dog",
    ),
    "97112": (
        "single-leg stance on foam", "tandem stance", "proprioceptive taps", "rhythmic stabilization", "cueing at mirror",
        "star excursion reaches", "deep neck flexor training", "wobble board", "transversus activation with feedback",
        "joint position sense drills", "perturbations in standing", "scapular clocks", "eyes-closed balance", "PNF diagonals",
    ),
    "97116": (
        "heel-strike cueing on level ground", "stair training with rail", "treadmill with cadence cues", "cane sequencing",
        "turns and obstacle course", "backward walking", "curb negotiation", "step-length drills", "walking on ramp",
        "cadence work with metronome",
    ),
    "97530": (
        "sit-to-stand from low surface", "box lift floor to waist", "overhead shelf placement", "carry with ten pounds",
        "push-pull sled", "simulated laundry task", "car transfers", "floor-to-stand transfers", "tool handling simulation",
        "squat lift with crate", "reach and place task", "bed mobility practice", "ladder simulation", "kitchen item transfer",
    ),
    "97535": (
        "one-handed dressing", "joint protection at the sink", "energy conservation for cooking", "adaptive utensil use",
        "tub bench transfer", "work pacing plan", "splint wear schedule", "sock aid use", "safe lifting at home",
        "jar opener and key turner trial", "grooming set-up", "toileting set-up",
    ),
    "97113": ("waist-deep walking", "buoyancy-assisted squats", "aquatic step-ups", "noodle presses", "flutter kicks at wall"),
    "97035": ("continuous at 1.0 W/cm2", "pulsed 20 percent", "continuous at 1.2 W/cm2", "pulsed 50 percent", "3 MHz head"),
    "97032": ("attended stim with active contraction", "Russian current with quad sets", "biphasic stim to weak group", "probe"),
    "97542": ("seat depth fitting", "propulsion technique", "cushion check", "armrest height change"),
    "97750": ("lift capacity test", "six minute walk test", "grip dynamometry series", "isokinetic strength test"),
    "97129": ("sequencing task with cues", "attention training", "memory strategy practice"),
    "97130": ("further sequencing work", "dual-task attention", "schedule planning"),
    "97012": ("static pull", "intermittent pull", "progressive pull", "supine harness"),
    "97016": ("garment at 50 mmHg", "garment at 45 mmHg", "sequential sleeve", "cold sleeve"),
    "97150": ("balance circuit in group", "strength circuit in group", "back school group", "hand group"),
    "97161": ("low complexity", "one body system"),
    "97162": ("moderate complexity", "two comorbidities"),
    "97163": ("high complexity", "unstable presentation"),
    "97164": ("goals measured again", "plan revised"),
    "97165": ("low complexity profile", "brief history"),
    "97166": ("moderate complexity profile", "expanded history"),
    "97167": ("high complexity profile", "extensive history"),
    "97168": ("goals measured again", "occupational profile revised"),
    "98940": ("one region adjusted", "two regions adjusted", "side-posture adjustment"),
    "98941": ("three regions adjusted", "four regions adjusted", "diversified adjustment"),
    "98942": ("five regions adjusted", "full-spine adjustment"),
    "99213": ("new complaint reviewed", "medication and imaging reviewed", "work status reviewed"),
    "G0283": ("interferential", "premodulated current", "sensory-level stim", "IFC with crossed pads"),
    "29530": ("knee strapped in neutral",),
    "97010": ("moist pack", "cold pack", "pack with towel layers"),
    "97014": ("unattended current", "four-pad unattended current", "premodulated current, unattended"),
}  # fmt: skip

SETS: tuple[str, ...] = (
    "2x10", "3x10", "3x12", "2x15", "to fatigue", "with verbal cues", "with tactile cues", "progressed", "load unchanged",
    "with rest breaks", "independent after demonstration", "minimal assist", "contact guard", "pain-free arc only",
)  # fmt: skip
ANSWER: tuple[str, ...] = (
    "Tolerated well.", "Mild fatigue after.", "Form improved with cueing.", "Rated effort moderate.", "No complaints.",
    "Needed two rests.", "Better than last visit.", "Steady progress.", "Pain 4 before, 2 after.", "Pain 5 before, 3 after.",
    "No adverse response.", "Slight soreness at end.", "Carry-over noted.", "Less effort than before.", "Ready to progress.",
    "Fair endurance.", "Good effort.", "Stopped once for rest.",
)  # fmt: skip
GAIN: tuple[str, ...] = (
    "Flexion up 5 degrees.", "Rotation up 10 degrees.", "Pain 6 before, 3 after.", "Pain 5 before, 2 after.", "End feel softer.",
    "Moves with less catch.", "Tenderness less on palpation.", "Extension gained 4 degrees.", "No adverse response.",
    "Stiffness eased.", "Reports easier movement.", "Side bending near even.", "Guarding less.", "Pain unchanged at 4.",
)  # fmt: skip
STATUS: tuple[str, ...] = (
    "limited", "painful", "stiff", "reduced on the right", "reduced on the left", "guarded", "weak", "slow to recover",
)  # fmt: skip
