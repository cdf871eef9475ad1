"""Hamrah: a helpline that children and their communities talk to in a chat, in their own language."""
