"""A chat as what is sealed names it: a delivery ticket, a wish to be told of answers."""


def address_of_chat(chat: int) -> bytes:
    return chat.to_bytes(8, "big", signed=True)


def chat_of_address(address: bytes) -> int:
    return int.from_bytes(address, "big", signed=True)
