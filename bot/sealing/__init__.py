"""What only its addressee can read: records, slots, replies, case codes, rosters.  Bytes in, bytes out."""
