// A client in Go that knows the service and docs/grpc.md, and prints a line of JSON for each thing that it sees.
//
//	client read ADDRESS CHANNEL COUNT
//	client publish ADDRESS CHANNEL COUNT
//	client stream ADDRESS CHANNEL COUNT
//	client calls ADDRESS CHANNEL
//	client slow ADDRESS CHANNEL
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"fanwire.example/services/fanwirev1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

const (
	retry    = 50 * time.Millisecond
	megabyte = 1 << 20
)

var background = context.Background()

func main() {
	task, channel := os.Args[1], os.Args[3]
	hub := dial(os.Args[2])
	count := 0
	if len(os.Args) > 4 {
		count = must(strconv.Atoi(os.Args[4]))
	}
	switch task {
	case "read":
		read(hub, channel, count)
	case "publish":
		publish(hub, channel, count)
	case "stream":
		stream(hub, channel, count)
	case "calls":
		calls(hub, channel)
	case "slow":
		slow(hub, channel)
	}
}

func dial(address string) fanwirev1.HubClient {
	// Without a minimum an attempt would have no longer than the delay to the next one, which is too short on a busy machine.
	params := grpc.ConnectParams{
		Backoff:           backoff.Config{BaseDelay: retry, Multiplier: 1, MaxDelay: retry},
		MinConnectTimeout: 20 * time.Second,
	}
	return fanwirev1.NewHubClient(must(grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithConnectParams(params),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(2*megabyte)))))
}

// read goes on after its position whenever it was cut.
func read(hub fanwirev1.HubClient, channel string, count int) {
	after := "now"
	for ; ; time.Sleep(retry) {
		events, err := hub.Subscribe(background, &fanwirev1.SubscribeRequest{Channels: []string{channel}, After: after})
		for err == nil {
			var event *fanwirev1.Event
			if event, err = events.Recv(); err != nil {
				break
			}
			if heartbeat := event.GetHeartbeat(); heartbeat != nil {
				if after == "now" {
					show("position", heartbeat.GetPosition())
				}
				after = heartbeat.GetPosition()
			}
			if message := event.GetMessage(); message != nil {
				after = message.Id
				print(map[string]any{"id": message.Id, "data": json.RawMessage(message.Data)})
				if count--; count == 0 {
					return
				}
			}
		}
		fmt.Fprintln(os.Stderr, err)
	}
}

// publish sends again what had no answer.
func publish(hub fanwirev1.HubClient, channel string, count int) {
	for number := 1; number <= count; {
		answer, err := hub.Publish(background, &fanwirev1.PublishRequest{
			Channel:        channel,
			Data:           []byte(fmt.Sprint(number)),
			IdempotencyKey: fmt.Sprintf("go-%d", number),
		})
		if err != nil {
			time.Sleep(retry)
			continue
		}
		show("id", answer.Id)
		number++
	}
}

// stream publishes all on one call.
func stream(hub fanwirev1.HubClient, channel string, count int) {
	call := must(hub.PublishStream(background))
	for number := 1; number <= count; number++ {
		request := &fanwirev1.PublishRequest{Channel: channel, Data: []byte(fmt.Sprint(number))}
		if call.Send(request) != nil {
			break
		}
	}
	show("published", must(call.CloseAndRecv()).Published)
}

// calls shows how calls end, and that a megabyte goes both ways.
func calls(hub fanwirev1.HubClient, channel string) {
	request := &fanwirev1.SubscribeRequest{Channels: []string{channel}}
	deadline, stop := context.WithTimeout(background, 200*time.Millisecond)
	defer stop()
	show("deadline", number(drain(hub.Subscribe(deadline, request))))

	cancelled, cancel := context.WithCancel(background)
	events := must(hub.Subscribe(cancelled, request))
	must(events.Recv())
	cancel()
	show("cancel", number(drain(events, nil)))

	_, err := hub.Publish(background, &fanwirev1.PublishRequest{Channel: "no name"})
	show("refused", number(err))

	large := []byte(strings.Repeat("x", megabyte))
	must(hub.Publish(background, &fanwirev1.PublishRequest{Channel: channel, Data: large, ContentType: "text/plain"}))
	one := uint32(1)
	page := must(hub.Read(background, &fanwirev1.ReadRequest{Channels: []string{channel}, Last: &one}))
	show("large", len(page.Messages[0].Data))
}

// slow takes nothing of what it reads until it is told to on another channel.
func slow(hub fanwirev1.HubClient, channel string) {
	told := must(hub.Subscribe(background, &fanwirev1.SubscribeRequest{Channels: []string{"go-on"}}))
	must(told.Recv())
	events := must(hub.Subscribe(background, &fanwirev1.SubscribeRequest{Channels: []string{channel}}))
	must(events.Recv())
	show("reading", true)
	for must(told.Recv()).GetMessage() == nil {
	}
	messages, gaps := 0, 0
	for {
		event := must(events.Recv())
		if event.GetGap() != nil {
			gaps++
		}
		if message := event.GetMessage(); message != nil {
			messages++
			if message.Type == "end" {
				print(map[string]int{"messages": messages, "gaps": gaps})
				return
			}
		}
	}
}

// drain reads to the end.
func drain(events grpc.ServerStreamingClient[fanwirev1.Event], err error) error {
	for err == nil {
		_, err = events.Recv()
	}
	return err
}

func number(err error) codes.Code {
	return status.Code(err)
}

func show(name string, value any) {
	print(map[string]any{name: value})
}

func print(line any) {
	_ = json.NewEncoder(os.Stdout).Encode(line)
}

func must[Value any](value Value, err error) Value {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}
