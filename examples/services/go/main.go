// Sums up the orders of a channel in a database of its own, and publishes the sum after each.
//
// The position is stored in the same transaction as the sum. So whatever is cut, and whenever the program ends, each order
// counts once.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"fanwire.example/services/fanwirev1"
	bolt "go.etcd.io/bbolt"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// state is what the database holds, under one key in one bucket.
type state struct {
	Sum      int    `json:"sum"`
	Position string `json:"position"`
}

var bucket, key = []byte("orders"), []byte("state")

func main() {
	db, err := bolt.Open(os.Args[2], 0o600, &bolt.Options{Timeout: time.Second})
	if err != nil {
		log.Fatal(err)
	}
	connection, err := grpc.NewClient(os.Args[1],
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		// A connection that the network has forgotten is found out by it.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second}))
	if err != nil {
		log.Fatal(err)
	}
	hub := fanwirev1.NewHubClient(connection)
	for {
		log.Print(follow(context.Background(), hub, db))
		time.Sleep(time.Second)
	}
}

// follow reads on from where the database stands, until the stream breaks off.
func follow(ctx context.Context, hub fanwirev1.HubClient, db *bolt.DB) error {
	now, err := load(db)
	if err != nil {
		return err
	}
	stream, err := hub.Subscribe(ctx, &fanwirev1.SubscribeRequest{Channels: []string{"orders"}, After: now.Position})
	if err != nil {
		return err
	}
	for {
		event, err := stream.Recv()
		if err != nil {
			return err
		}
		if gap := event.GetGap(); gap != nil {
			log.Printf("orders after %s up to %s are gone: %s", gap.From, gap.To, gap.Reason)
		}
		if message := event.GetMessage(); message != nil {
			if now, err = take(ctx, hub, db, now, message); err != nil {
				return err
			}
		}
	}
}

// take publishes first: if it is cut before the database has the order, the order comes again, and the hub knows the key.
func take(ctx context.Context, hub fanwirev1.HubClient, db *bolt.DB, now state, message *fanwirev1.Message) (state, error) {
	var order struct{ Amount int }
	if err := json.Unmarshal(message.Data, &order); err != nil {
		return now, fmt.Errorf("order %s: %w", message.Id, err)
	}
	next := state{Sum: now.Sum + order.Amount, Position: message.Id}
	_, err := hub.Publish(ctx, &fanwirev1.PublishRequest{
		Channel:        "sums",
		Data:           []byte(fmt.Sprint(next.Sum)),
		IdempotencyKey: "sum-" + message.Id,
	})
	if err != nil {
		return now, err
	}
	return next, db.Update(func(tx *bolt.Tx) error {
		stored, err := json.Marshal(next)
		if err != nil {
			return err
		}
		return tx.Bucket(bucket).Put(key, stored)
	})
}

// load begins with all that the hub retains.
func load(db *bolt.DB) (state, error) {
	now := state{Position: "start"}
	return now, db.Update(func(tx *bolt.Tx) error {
		orders, err := tx.CreateBucketIfNotExists(bucket)
		if err != nil {
			return err
		}
		if stored := orders.Get(key); stored != nil {
			return json.Unmarshal(stored, &now)
		}
		return nil
	})
}
