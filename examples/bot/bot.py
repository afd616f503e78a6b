"""A bot without any library, over REST and server-sent events: reacts to `!echo hello` and answers it. It keeps its position
in a file: messages that arrive while it is down are answered when it is back. KEY=fck_... python3 examples/bot/bot.py
"""

import json
import os
import re
import sys
import time
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

KEY = os.environ["KEY"]
SERVER = os.environ.get("SERVER", "http://127.0.0.1:6688")
NOTIFY = os.environ.get("NOTIFY", "http://127.0.0.1:6687")
PLACE = os.environ.get("PLACE", "bot.last-id")


def request(url, headers, method="GET", body=None, timeout=30):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **headers}
    return urlopen(Request(url, data, headers, method=method), timeout=timeout)


def call(method, path, body=None):
    with request(f"{SERVER}/api{path}", {}, method, body) as response:
        return json.load(response)


def answer(chat_id, message_id):
    """Does nothing twice, whatever is repeated: the same reaction counts once, and so does the same client_id."""
    path = f"/chats/{chat_id}/messages"
    message = call("GET", f"{path}/{message_id}")
    command = re.fullmatch(r"!echo\s+(.+)", message["content"], re.DOTALL)
    if command is None or message["sender"]["kind"] == "Bot":  # two bots could talk for ever
        return
    call("PUT", f"{path}/{message_id}/reactions/{quote('👀')}")
    reply = {"content": command[1], "client_id": message_id}
    if message.get("thread_id"):
        reply["thread_id"] = message["thread_id"]
    call("POST", path, reply)


def answer_if_possible(data):
    try:
        answer(data["chat_id"], data["message_id"])
    except HTTPError as error:
        if error.code in (401, 429) or error.code >= 500:
            raise  # the stream begins again at this message
        print("not answered:", error, file=sys.stderr)  # it was deleted meanwhile, for example


def follow():
    """Handles the events of one stream; a ping comes every 15 seconds."""
    last_id = open(PLACE).read() if os.path.exists(PLACE) else ""
    name, data = "", ""
    with request(f"{NOTIFY}/api/notifications/events", {"Last-Event-ID": last_id} if last_id else {}, timeout=45) as stream:
        for line in stream:
            field, _, value = line.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data = value
            elif field == "id":
                last_id = value
            elif field == "" and name:  # an empty line ends an event
                if name == "ready":
                    print("listening", flush=True)
                if name == "message":
                    answer_if_possible(json.loads(data))
                with open(f"{PLACE}.new", "w") as place:
                    place.write(last_id)
                os.replace(f"{PLACE}.new", PLACE)
                name = ""


while True:
    try:
        follow()
    except HTTPError as error:
        if error.code == 401:
            sys.exit("The key is not valid any more.")
    except (OSError, HTTPException):
        pass  # cut, or silent for too long: the next stream continues after the last event that was handled
    time.sleep(1)
