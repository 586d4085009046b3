"""Cases: the file of a client, its route decisions, who pays, and the notices to the payer."""
