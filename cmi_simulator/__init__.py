"""The bank's side of a payment: CMI's hosted page, its calls, its ledger and its bad days."""
