"""Which promise is checked where, and what a world cannot show. One line for each, none left out.

effects  after each commit (`effects.py`)
effect   at each capture, answer, letter (`promises.py`)
rest     once the faults have stopped (`rest.py`)
world    by reading what was logged (`world.py`)

In `callback` evidence the portal believes CMI's word that it accepted; whether it captured, only
the daily comparison shows. So I2 and I20 hold there up to one documented difference: an order may
be PAID and not captured, where CMI reserved the money and our word was lost on the way, or where
a payer brought CMI's own words to us under other names. Each such order is counted, and must
be explained by the bank's ledger. In `status-api` evidence there is no exception.
"""

WHERE = {
    "I1": ("effect", "but for captures that the bank made against our word"),
    "I2": ("effect", "likewise"),
    "I3": ("effects, effect", "amounts of order, dues, form and capture"),
    "I4": ("effects", "dues and orders name each other"),
    "I5": ("effects", "edges of the graph, and who may take them; also event 82"),
    "I6": ("effects, effect", "by the purpose of the invocation that writes"),
    "I7": ("effects", "evidence, attempt row and letter stand with the payment"),
    "I8": ("effect", "when SES takes a letter"),
    "I9": ("effect", "when a callback is answered"),
    "I10": ("effects, effect", "tampered and renamed messages that must be refused"),
    "I11": ("effects, effect", "the log only grows, and holds the reply that was given"),
    "I12": ("effects, rest", "only verdict, settlement, file and operator change a due"),
    "I13": ("effect", "once, and in time by the sandbox's own clock"),
    "I14": ("effect", "same bytes or a refusal"),
    "I15": ("rest", "a capture against our word that nothing tells of: the comparison's"),
    "I16": ("effects, rest", "wanted with the payment; left, or in the operator's queue"),
    "I17": ("rest", "an order in the operator's queue may rest in capturing"),
    "I18": ("rest", "voided where the API is there, else lapsed at the bank"),
    "I19": ("effect", "one letter more only for each send of which nobody knows"),
    "I20": ("rest", "line by line; the exception above in callback evidence"),
    "I21": ("rest", "a new tab pays every unpaid due"),
    "I22": ("effect", "paid is never taken back (nobody refunds in a world)"),
    "I23": ("world", "names, numbers, addresses, card and keys; HASH is tests/handlers'"),
    "I24": ("effect", "calls up to the first commit; a lost race or answer looks again"),
    "I25": ("rest", "every record of every subscriber again"),
    "I26": ("effect", "codes and tickets; a session has no row: ten minutes late, it lives longer"),
}
