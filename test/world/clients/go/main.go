// Reads or publishes to a channel with the usual libraries and no more than PROTOCOL.md says.
//
//	client read TRANSPORT BASE CHANNEL COUNT
//	client publish BASE CHANNEL COUNT
//
// Prints a line of JSON for the position that reading starts from, and for each thing that it was given.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	"github.com/tmaxmax/go-sse"
)

const retry = 50 * time.Millisecond

type message struct {
	ID   string          `json:"id"`
	Data json.RawMessage `json:"data"`
}

// place is where the reader stands in the log.
type place struct {
	left     int
	position string
}

func (p *place) at(position string) {
	if p.position == "" {
		show(map[string]string{"position": position})
	}
	p.position = position
}

func (p *place) message(m message) {
	p.position = m.ID
	show(m)
	if p.left--; p.left == 0 {
		os.Exit(0)
	}
}

func (p *place) start() string {
	if p.position == "" {
		return "now"
	}
	return p.position
}

// The library comes back by itself, with Last-Event-ID.
func readSSE(channel string, p *place) error {
	request, err := http.NewRequest(http.MethodGet, channel, nil)
	if err != nil {
		return err
	}
	client := sse.Client{Backoff: sse.Backoff{InitialInterval: retry}}
	connection := client.NewConnection(request)
	connection.SubscribeToAll(func(event sse.Event) {
		if event.Type == "position" {
			p.at(event.LastEventID)
		} else {
			p.message(message{event.LastEventID, json.RawMessage(event.Data)})
		}
	})
	return connection.Connect()
}

func readNDJSON(channel string, p *place) error {
	response, err := get(channel+"?after="+p.start(), "Accept", "application/x-ndjson")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	p.at(response.Header.Get("Fanwire-Position"))
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var m message
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			return err
		}
		p.message(m)
	}
	return lines.Err()
}

func readPolls(channel string, p *place) error {
	wait := "wait=20"
	if p.position == "" {
		wait = "wait=0"
	}
	response, err := get(channel+"?after="+p.start(), "Prefer", wait)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Messages []message
		Position string
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	for _, m := range answer.Messages {
		p.message(m)
	}
	p.at(answer.Position)
	return nil
}

func readWebSocket(channel string, p *place) error {
	address := strings.Replace(channel, "http", "ws", 1) + "?after=" + p.start()
	socket, _, err := websocket.DefaultDialer.Dial(address, nil)
	if err != nil {
		return err
	}
	defer socket.Close()
	for {
		var frame struct {
			message
			Heartbeat *struct{ Position string }
		}
		if err := socket.ReadJSON(&frame); err != nil {
			return err
		}
		if frame.Heartbeat != nil {
			p.at(frame.Heartbeat.Position)
		} else {
			p.message(frame.message)
		}
	}
}

var readers = map[string]func(string, *place) error{
	"sse":            readSSE,
	"http-streaming": readNDJSON,
	"long-polling":   readPolls,
	"websocket":      readWebSocket,
}

// An answer that is not the hub's yes is final; a connection that was cut is not.
func get(address, name, value string) (*http.Response, error) {
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set(name, value)
	response, err := http.DefaultClient.Do(request)
	if err == nil && response.StatusCode != http.StatusOK {
		fail(response.Status)
	}
	return response, err
}

func publish(channel string, number int) error {
	request, err := http.NewRequest(http.MethodPost, channel, bytes.NewBufferString(strconv.Itoa(number)))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", fmt.Sprintf("go-%d", number))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusCreated {
		fail(string(body))
	}
	show(json.RawMessage(body))
	return nil
}

func show(line any) {
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		fail(err.Error())
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}

func main() {
	task, rest := os.Args[1], os.Args[2:]
	count, err := strconv.Atoi(rest[len(rest)-1])
	if err != nil {
		fail(err.Error())
	}
	channel := rest[len(rest)-3] + "/channels/" + url.PathEscape(rest[len(rest)-2])
	if task == "read" {
		for p := (&place{left: count}); ; time.Sleep(retry) {
			if err := readers[rest[0]](channel, p); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
	}
	for number := 1; number <= count; {
		if err := publish(channel, number); err != nil {
			time.Sleep(retry)
			continue
		}
		number++
	}
}
