"""What officers do: sign in, see the queue, open a case, answer, change how it stands; each act leaves an audit entry."""
