"""A client in Python that knows the service and docs/grpc.md, and prints a line of JSON for each thing that it sees.

client.py read ADDRESS CHANNEL COUNT
client.py publish ADDRESS CHANNEL COUNT
client.py stream ADDRESS CHANNEL COUNT
client.py calls ADDRESS CHANNEL
client.py slow ADDRESS CHANNEL
"""

import json
import sys
import time

import grpc
from fanwire.v1 import hub_pb2, hub_pb2_grpc

RETRY_SECONDS = 0.05
MEGABYTE = 1 << 20
OPTIONS = [
    ("grpc.max_receive_message_length", 2 * MEGABYTE),
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 50),
]


def show(**line):
    print(json.dumps(line), flush=True)


def read(hub, channel, count):
    """Goes on after its position whenever it was cut."""
    left = int(count)
    after = "now"
    while True:
        try:
            for event in hub.Subscribe(hub_pb2.SubscribeRequest(channels=[channel], after=after)):
                if event.HasField("heartbeat"):
                    if after == "now":
                        show(position=event.heartbeat.position)
                    after = event.heartbeat.position
                elif event.HasField("message"):
                    after = event.message.id
                    show(id=after, data=json.loads(event.message.data))
                    left -= 1
                    if left == 0:
                        return
        except grpc.RpcError as error:
            print(error, file=sys.stderr)
            time.sleep(RETRY_SECONDS)


def publish(hub, channel, count):
    """Sends again what had no answer."""
    for number in range(1, int(count) + 1):
        request = hub_pb2.PublishRequest(
            channel=channel, data=str(number).encode(), idempotency_key=f"python-{number}"
        )
        while True:
            try:
                show(id=hub.Publish(request).id)
                break
            except grpc.RpcError:
                time.sleep(RETRY_SECONDS)


def stream(hub, channel, count):
    """Publishes all on one call."""
    requests = (
        hub_pb2.PublishRequest(channel=channel, data=str(number).encode())
        for number in range(1, int(count) + 1)
    )
    show(published=hub.PublishStream(requests).published)


def calls(hub, channel):
    """Shows how calls end, and that a megabyte goes both ways."""
    request = hub_pb2.SubscribeRequest(channels=[channel])
    show(deadline=number_of(lambda: list(hub.Subscribe(request, timeout=0.2))))

    events = hub.Subscribe(request)
    next(events)
    events.cancel()
    show(cancel=number_of(lambda: list(events)))

    show(refused=number_of(lambda: hub.Publish(hub_pb2.PublishRequest(channel="no name"))))

    large = hub_pb2.PublishRequest(channel=channel, data=b"x" * MEGABYTE, content_type="text/plain")
    hub.Publish(large)
    page = hub.Read(hub_pb2.ReadRequest(channels=[channel], last=1))
    show(large=len(page.messages[0].data))


def slow(hub, channel):
    """Takes nothing of what it reads until it is told to on another channel."""
    told = hub.Subscribe(hub_pb2.SubscribeRequest(channels=["go-on"]))
    next(told)
    events = hub.Subscribe(hub_pb2.SubscribeRequest(channels=[channel]))
    next(events)
    show(reading=True)
    while not next(told).HasField("message"):
        pass
    messages = gaps = 0
    for event in events:
        gaps += event.HasField("gap")
        messages += event.HasField("message")
        if event.message.type == "end":
            show(messages=messages, gaps=gaps)
            return


def number_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code().value[0]
    return 0


TASKS = {"read": read, "publish": publish, "stream": stream, "calls": calls, "slow": slow}
with grpc.insecure_channel(sys.argv[2], options=OPTIONS) as connection:
    TASKS[sys.argv[1]](hub_pb2_grpc.HubStub(connection), *sys.argv[3:])
