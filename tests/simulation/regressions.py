"""Seeds whose world once broke a promise, or showed a weakness of the simulator itself."""

# A seed's world changes with the simulator; each stays, for it costs little and was hard once.
SEEDS = {
    29: "the amount of a reservation under moved names is not the order's",
    258: "one transaction, two messages: the bank's own is refused",
    882: "CMI tells of another transaction: the order is the operator's",
    1423: "captured twice against our word: the order is the operator's",
    1709: "captured against our word, and no message ever came",
    401122: "refunded before it was signed, with a letter of released money still wanted",
    1034477: "claimed, then slow: sent again less than ten minutes after it may have left",
    602708: "a letter that SES was too busy for, asked again within ten minutes",
    7004078: "a letter that SES would not take now, after one that left before a restore",
    510339: "released by hand after a restore, and a message about it repeated",
    513509: "a Void of the order that landed late, on the card tried after",
    402003: "one matter said done while another came to wait",
    2825: "names put back and captured against our word: the comparison's",
}
