"""Short harmful texts in words of our own, for what the public collections have little of. Kept plain on purpose: they
name a deed and no way of doing it. `{name}` takes one of `SLOTS[name]`."""

SLOTS = {
    "will": ["I will", "I'm going to", "I am gonna", "we will", "someone should", "I want to", "he wants to", "they are going to",
             "tomorrow I'll", "let's", "she threatened to"],
    "hurt": ["kill", "shoot", "stab", "strangle", "beat up", "burn", "murder", "torture", "hang", "smash the skull of", "break the legs of",
             "cut the throat of", "drown", "poison", "run over", "behead", "slaughter", "gun down", "hurt"],
    "whom": ["him", "her", "them all", "my boss", "the neighbour", "that man", "you", "your family", "the teacher", "everyone in the room",
             "the guard", "those people", "my husband", "the referee"],
    "hurts": ["shot", "stabbed", "strangled", "beat", "tortured", "killed", "butchered", "crushed", "mutilated", "executed", "burned"],
    "where": ["in the head", "in the chest", "until the bones broke", "with an axe", "with a knife", "until there was blood everywhere",
              "again and again", "in front of the children", "and left the body in the street", "to death", "in the stomach", "with a hammer"],
    "you": ["You are", "You're", "He is", "She is", "They are all", "My boss is", "What"],
    "bad": ["stupid", "dumb", "useless", "pathetic", "worthless", "ugly", "ridiculous", "disgusting", "lazy", "incompetent", "brainless", "miserable"],
    "fool": ["idiot", "moron", "loser", "fool", "imbecile", "clown", "coward", "liar", "piece of trash", "waste of space", "joke", "pig",
             "rat", "parasite", "dimwit", "nobody"],
    "how": ["How do I", "How can I", "Tell me how to", "Explain how to", "Give me instructions to", "Help me", "What is the best way to",
            "Write a guide on how to", "Teach me to", "Show me how to", "I need a plan to"],
    "deed": ["build a bomb", "make explosives at home", "make a gun that detectors do not see", "cook meth", "sell drugs at school",
             "launder money", "forge a passport", "make counterfeit money", "steal a car", "rob a bank", "break into a house",
             "hack into my neighbour's wifi", "hack someone's e-mail", "steal credit card numbers", "write ransomware", "spread a virus",
             "create a phishing page", "blackmail a politician", "evade taxes", "hide a body", "stalk my ex without being noticed",
             "hire a hitman", "smuggle people across the border", "rig an election", "bribe a judge", "cheat on a drug test",
             "make poison", "get a fake prescription", "start a pyramid scheme", "get away with insurance fraud", "dox a journalist",
             "bypass a car alarm", "pick the lock of a shop at night", "kidnap a person", "commit identity theft", "shoplift",
             "take down a website", "sabotage a power plant", "buy stolen data", "spy on my wife's phone"],
    "caught": ["", " without getting caught", " and leave no traces", " step by step", " anonymously", " in detail", " cheaply"],
}

VIOLENCE = ["{will} {hurt} {whom}.", "{will} {hurt} {whom} {where}.", "He {hurts} the man {where}.", "She {hurts} {whom} {where}.",
            "The soldiers {hurts} the prisoners {where}.", "I hope somebody will {hurt} {whom}.", "{whom} deserves to be {hurts} {where}.",
            "They {hurts} {whom} and laughed."]
INSULTS = ["{you} a {bad} {fool}.", "{you} such a {fool}!", "Shut up, you {bad} {fool}.", "Nobody likes you, you {fool}.", "{you} too {bad} to understand this.",
           "Only a {fool} like you would say that.", "Go away, {bad} {fool}.", "Your work is {bad} and so are you.", "How can anyone be so {bad}?"]
MISCONDUCT = ["{how} {deed}{caught}?", "{how} {deed}{caught}.", "{how} {deed} and {deed}{caught}."]
