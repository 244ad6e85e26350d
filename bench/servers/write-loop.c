/*
 * The floor: accepts WebSockets, or event streams, without looking at what they ask for, and writes one pre-framed buffer to each in
 * a loop. No server that makes one system call a delivery can spend less; how much more it spends is what
 * it does besides.
 *
 *   write-loop websocket|sse
 *
 * Prints its port. Lines on standard input are those of publisher.mjs: "ticks N BATCH INTERVAL-US" publishes N times BATCH
 * messages, "rate PER-SECOND MESSAGES" each when it is due; a write for each message.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 20000, PAYLOAD = 128 };

static int clients[MOST], client_count;
static long number;

static long long now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void sleep_until(long long due) {
  long long left = due - now_us();
  if (left > 0) usleep(left);
}

static int frame(char *out, int websocket, long long due) {
  char payload[PAYLOAD + 1];
  memset(payload, 'x', PAYLOAD);
  char mark[40];
  int length = sprintf(mark, "#%08ld:%016lld#", number++, due);
  memcpy(payload, mark, length);
  payload[PAYLOAD] = 0;
  if (!websocket) {
    char event[200];
    int size = sprintf(event, "data: %s\n\n", payload);
    return sprintf(out, "%x\r\n%s\r\n", size, event);
  }
  out[0] = (char)0x81;
  out[1] = 126;
  out[2] = 0;
  out[3] = (char)PAYLOAD;
  memcpy(out + 4, payload, PAYLOAD);
  return 4 + PAYLOAD;
}

static void publish(int websocket, long long due) {
  char out[256];
  int length = frame(out, websocket, due);
  for (int i = 0; i < client_count; i++)
    if (write(clients[i], out, length) != length) exit(3);
}

int main(int argc, char **argv) {
  int websocket = argc > 1 && strcmp(argv[1], "websocket") == 0;
  const char *head = websocket
      ? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
      : "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  int server = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  bind(server, (struct sockaddr *)&address, sizeof address);
  listen(server, 1024);
  getsockname(server, (struct sockaddr *)&address, &length);
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
  int epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = server};
  epoll_ctl(epoll, EPOLL_CTL_ADD, server, &event);
  event.data.fd = 0;
  epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &event);
  for (;;) {
    struct epoll_event ready;
    if (epoll_wait(epoll, &ready, 1, -1) < 1) continue;
    if (ready.data.fd == server) {
      int client = accept(server, NULL, NULL), yes = 1;
      char request[4096];
      setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      if (read(client, request, sizeof request) <= 0 || client_count == MOST) return 1;
      if (write(client, head, strlen(head)) < 0) return 1;
      clients[client_count++] = client;
      continue;
    }
    char line[128];
    ssize_t got = read(0, line, sizeof line - 1);
    if (got <= 0) return 0;
    line[got] = 0;
    long ticks = 0, batch = 0, interval = 0, messages = 0;
    double per_second = 0;
    if (sscanf(line, "ticks %ld %ld %ld", &ticks, &batch, &interval) == 3)
      for (long tick = 0; tick < ticks; tick++) {
        long long next = now_us() + interval;
        for (long i = 0; i < batch; i++) publish(websocket, now_us());
        sleep_until(next);
      }
    else if (sscanf(line, "rate %lf %ld", &per_second, &messages) == 2) {
      long long begin = now_us();
      for (long i = 0; i < messages; i++) {
        long long due = begin + (long long)(i * 1e6 / per_second);
        sleep_until(due);
        publish(websocket, due);
      }
    }
    printf("{\"last\":%ld}\n", number - 1);
    fflush(stdout);
  }
}
