"""Reads or publishes to a channel with the usual libraries and no more than PROTOCOL.md says.

client.py read TRANSPORT BASE CHANNEL COUNT
client.py publish BASE CHANNEL COUNT

Prints a line of JSON for the position that reading starts from, and for each thing that it was given.
"""

import json
import sys
import time

import httpx
import httpx_sse
import websockets
from websockets.sync.client import connect

RETRY_SECONDS = 0.05
CUT = (httpx.TransportError, websockets.ConnectionClosed, OSError, EOFError)


def show(line):
    print(json.dumps(line), flush=True)


class Place:
    """Where the reader stands in the log."""

    def __init__(self, left):
        self.left = left
        self.position = None

    def at(self, position):
        if self.position is None:
            show({"position": position})
        self.position = position

    def message(self, position, data):
        self.position = position
        self.left -= 1
        show({"id": position, "data": data})
        if self.left == 0:
            sys.exit(0)

    def start(self):
        return self.position or "now"


def read_sse(http, url, place):
    headers = {"Last-Event-ID": place.position} if place.position else {}
    with httpx_sse.connect_sse(http, "GET", url, headers=headers) as source:
        source.response.raise_for_status()
        for event in source.iter_sse():
            if event.event == "position":
                place.at(event.id)
            else:
                place.message(event.id, json.loads(event.data))


def read_ndjson(http, url, place):
    headers = {"Accept": "application/x-ndjson"}
    with http.stream("GET", url, params={"after": place.start()}, headers=headers) as response:
        response.raise_for_status()
        place.at(response.headers["Fanwire-Position"])
        for line in response.iter_lines():
            if line:
                message = json.loads(line)
                place.message(message["id"], message["data"])


def read_polls(http, url, place):
    wait = {"Prefer": "wait=20"} if place.position else {}
    answer = http.get(url, params={"after": place.start()}, headers=wait).raise_for_status().json()
    for message in answer["messages"]:
        place.message(message["id"], message["data"])
    place.at(answer["position"])


def read_websocket(_, url, place):
    with connect(f"{url.replace('http', 'ws', 1)}?after={place.start()}") as socket:
        for text in socket:
            frame = json.loads(text)
            if "heartbeat" in frame:
                place.at(frame["heartbeat"]["position"])
            else:
                place.message(frame["id"], frame["data"])


READERS = {
    "sse": read_sse,
    "http-streaming": read_ndjson,
    "long-polling": read_polls,
    "websocket": read_websocket,
}


def until_done(attempt):
    while True:
        try:
            return attempt()
        except CUT:
            time.sleep(RETRY_SECONDS)


def read(transport, base, channel, count):
    place = Place(int(count))
    with httpx.Client(timeout=None) as http:
        while True:
            until_done(lambda: READERS[transport](http, f"{base}/channels/{channel}", place))


def publish(base, channel, count):
    url = f"{base}/channels/{channel}"
    with httpx.Client() as http:
        for number in range(1, int(count) + 1):
            headers = {"Idempotency-Key": f"python-{number}"}
            answer = until_done(lambda: http.post(url, json=number, headers=headers))
            show(answer.raise_for_status().json())


{"read": read, "publish": publish}[sys.argv[1]](*sys.argv[2:])
