"""Sums up the orders of a channel in a database of its own, and publishes the sum after each.

The position is stored in the same transaction as the sum. So whatever is cut, and whenever the program ends, each order
counts once.
"""

import json
import sqlite3
import sys
import time

import grpc
from fanwire.v1 import hub_pb2, hub_pb2_grpc


def main(address, path):
    database = sqlite3.connect(path)
    with database:
        database.execute("CREATE TABLE IF NOT EXISTS state (sum INTEGER, position TEXT)")
        if not database.execute("SELECT * FROM state").fetchone():
            # All that the hub retains.
            database.execute("INSERT INTO state VALUES (0, 'start')")
    # A connection that the network has forgotten is found out by its keepalive.
    with grpc.insecure_channel(address, options=[("grpc.keepalive_time_ms", 30_000)]) as channel:
        hub = hub_pb2_grpc.HubStub(channel)
        while True:
            try:
                follow(hub, database)
            except grpc.RpcError as error:
                print(error.code(), error.details(), file=sys.stderr)
                time.sleep(1)


def follow(hub, database):
    """Reads on from where the database stands, until the stream breaks off."""
    total, position = database.execute("SELECT sum, position FROM state").fetchone()
    request = hub_pb2.SubscribeRequest(channels=["orders"], after=position)
    for event in hub.Subscribe(request):
        if event.HasField("gap"):
            print("orders are gone:", event.gap, file=sys.stderr)
        elif event.HasField("message"):
            message = event.message
            total += json.loads(message.data)["amount"]
            # First: if it is cut before the database has the order, the order comes again, and the hub knows the key.
            hub.Publish(
                hub_pb2.PublishRequest(
                    channel="sums", data=str(total).encode(), idempotency_key=f"sum-{message.id}"
                )
            )
            with database:
                database.execute("UPDATE state SET sum = ?, position = ?", (total, message.id))


main(*sys.argv[1:])
