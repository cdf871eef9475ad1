"""Small translators: an update becomes an event, an effect becomes a message.  Two channels never import one another."""
