/*
 * Opens many subscribers of one server and checks what each of them gets.
 *
 *   subscribers -p PORT -n COUNT -r REQUEST [-f FOLLOW-UP] [-k GROUPS] [-i PING … -o PONG] [-b BYTES] [-s]
 *
 * REQUEST is a file with the bytes that open a subscription: an HTTP request, an MQTT CONNECT. FOLLOW-UP is sent once
 * the first byte has come back, for protocols that greet first. What is read with the bytes of a file PING in it, of up
 * to three, is answered with the file PONG. In REQUEST and FOLLOW-UP the five bytes {key} stand for the number of a channel: of N in
 * one text, the nth is group * N + n, where the subscribers belong to the GROUPS in turn; {one} stands for the subscriber's own. -b sets the receive buffer of each socket, -s sums each stream up in a hash. Nothing of a protocol
 * is parsed: every stream is scanned for the marks of load/marks.h. So the same code reads WebSocket frames,
 * event streams and MQTT, and costs a fraction of what the server spends: one epoll loop, one read a readiness, one memchr a read.
 *
 * Commands on standard input, each answered by one line of JSON:
 *   report               what came since the last reset, and the least and greatest number that a subscriber stands at
 *   reset                forgets what was counted, and that the next mark of each subscriber should follow its last
 *   cut FROM TO REQUEST  closes these subscribers, which will come back with another request
 *   return               all that were cut come back, as fast as the server greets them; what they get must follow
 *                        what they had
 *   pause FROM TO        these subscribers read nothing more
 *   resume FROM TO       and go on
 */
#define _GNU_SOURCE
#include "marks.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A listening socket's queue is short: 511 with Node. */
enum { READ_BYTES = 256 * 1024, TEXT_BYTES = 256 * 1024, AT_ONCE = 256, BURST = 32 };

struct text {
  char *bytes;
  size_t length;
};

struct subscriber {
  int fd;           /* -1 while there is no connection */
  int greeted;
  struct text *request;
  uint32_t hash;
  struct tally tally;
};

static struct subscriber *subscribers;
static int count, port, groups, epoll, receive_buffer, hashing;
static struct text *follow_up, *pong;
/* Any of these asks for a pong. */
enum { PINGS = 3 };
static struct text *pings[PINGS];
static int ping_count;
/* All before `next` have been dialled; the rest is if it has no connection. */
static int next, outstanding, greeted;
static long closed;
static long long bytes;

static void fail(const char *what) {
  fprintf(stderr, "subscribers: %s: %s\n", what, strerror(errno));
  exit(1);
}

static struct text *slurp(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  struct text *text = malloc(sizeof *text);
  text->bytes = malloc(TEXT_BYTES);
  text->length = fread(text->bytes, 1, TEXT_BYTES, file);
  fclose(file);
  return text;
}

/* Puts the numbers of one's channels in place of {key} and {one}, which are as long. */
static void number_channels(char *text, size_t length, unsigned who) {
  unsigned each = 0, nth = 0;
  char *end = text + length, *at;
  for (at = text; (at = memmem(at, end - at, "{key}", 5)); at += 5) each++;
  for (at = text; (at = memchr(at, '{', end - at)); at++) {
    char digits[16];
    if (end - at < 5) return;
    if (memcmp(at, "{key}", 5) == 0) snprintf(digits, sizeof digits, "%05u", who % groups * each + nth++);
    else if (memcmp(at, "{one}", 5) == 0) snprintf(digits, sizeof digits, "%05u", who);
    else continue;
    memcpy(at, digits, 5);
  }
}

static void send_text(struct subscriber *one, const struct text *text) {
  char bytes[TEXT_BYTES];
  memcpy(bytes, text->bytes, text->length);
  if (groups) number_channels(bytes, text->length, (unsigned)(one - subscribers));
  if (write(one->fd, bytes, text->length) < 0) fail("write");
}

static void answer(const char *line) {
  puts(line);
  fflush(stdout);
}

/* The one clock that all servers can read: the monotonic one begins with the process in Bun. */
static long long now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void listen_to(struct subscriber *one, int how, int events) {
  struct epoll_event event = {.events = events, .data.ptr = one};
  if (epoll_ctl(epoll, how, one->fd, &event) < 0) fail("epoll_ctl");
}

static void dial(struct subscriber *one) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  /* Each loopback address has ports of its own, so that their number sets no limit. */
  struct sockaddr_in local = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (unsigned)((one - subscribers) / 20000));
  one->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (one->fd < 0) fail("socket");
  int yes = 1;
  setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  /* The port is chosen as the connection is made, so that one that still lingers with another peer will do. */
  setsockopt(one->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  if (receive_buffer) setsockopt(one->fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  if (bind(one->fd, (struct sockaddr *)&local, sizeof local) < 0) fail("bind");
  if (connect(one->fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
  send_text(one, one->request);
  fcntl(one->fd, F_SETFL, O_NONBLOCK);
  listen_to(one, EPOLL_CTL_ADD, EPOLLIN);
  one->greeted = 0;
  one->tally.in_mark = -1;
  outstanding++;
}

static void hang_up(struct subscriber *one) {
  close(one->fd);
  one->fd = -1;
  if (one->greeted) greeted--;
  else outstanding--;
}

static void greet(struct subscriber *one) {
  one->greeted = 1;
  greeted++;
  outstanding--;
  if (follow_up) send_text(one, follow_up);
  if (greeted == count) answer("{\"ready\":true}");
}

/* One ping at most is in what is read at once; messages may be around it. */
static int is_pinged(const char *buffer, ssize_t length) {
  for (int i = 0; i < ping_count; i++)
    if (memmem(buffer, length, pings[i]->bytes, pings[i]->length)) return 1;
  return 0;
}

static void take(struct subscriber *one, const char *buffer, ssize_t length, long long now) {
  if (!one->greeted) greet(one);
  if (is_pinged(buffer, length))
    if (write(one->fd, pong->bytes, pong->length) < 0) fail("write");
  if (hashing)
    for (ssize_t i = 0; i < length; i++) one->hash = (one->hash ^ (unsigned char)buffer[i]) * 16777619u;
  bytes += length;
  scan(&one->tally, buffer, buffer + length, now);
}

static void read_from(struct subscriber *one, long long now) {
  static char buffer[READ_BYTES];
  ssize_t length = read(one->fd, buffer, sizeof buffer);
  if (length > 0) return take(one, buffer, length, now);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (closed++ == 0) fprintf(stderr, "subscribers: the server closed one\n");
  faults++;
  hang_up(one);
}

static void report(void) {
  long least = -1, most = 0, total = 0, behind = -1, ahead = -1;
  int alike = 1;
  for (int i = 0; i < count; i++) {
    struct tally *tally = &subscribers[i].tally;
    if (least < 0 || tally->messages < least) least = tally->messages;
    if (tally->messages > most) most = tally->messages;
    if (i == 0 || tally->last < behind) behind = tally->last;
    if (tally->last > ahead) ahead = tally->last;
    if (subscribers[i].hash != subscribers[0].hash) alike = 0;
    total += tally->messages;
  }
  printf("{\"messages\":%ld,\"least\":%ld,\"most\":%ld,\"behind\":%ld,\"ahead\":%ld,\"faults\":%ld,\"bytes\":%lld,"
         "\"alike\":%s,\"hash\":%u,\"p50us\":%lld,\"p99us\":%lld,\"p999us\":%lld}\n",
         total, least, most, behind, ahead, faults, bytes, alike ? "true" : "false", subscribers[0].hash,
         percentile(0.5, total), percentile(0.99, total), percentile(0.999, total));
  fflush(stdout);
}

static void reset(void) {
  for (int i = 0; i < count; i++) {
    subscribers[i].tally.messages = 0;
    subscribers[i].tally.last = -1;
    subscribers[i].hash = 2166136261u;
  }
  faults = bytes = 0;
  memset(latencies, 0, sizeof latencies);
  answer("{}");
}

static void command(char *line) {
  int from = 0, to = count;
  char path[256];
  if (strncmp(line, "report", 6) == 0) return report();
  if (strncmp(line, "reset", 5) == 0) return reset();
  if (sscanf(line, "cut %d %d %255s", &from, &to, path) == 3) {
    struct text *request = slurp(path);
    for (int i = from; i < to; i++) {
      hang_up(&subscribers[i]);
      subscribers[i].request = request;
    }
    return answer("{}");
  }
  if (strncmp(line, "return", 6) == 0) {
    next = 0;
    return;
  }
  if (sscanf(line, "pause %d %d", &from, &to) == 2)
    for (int i = from; i < to; i++) listen_to(&subscribers[i], EPOLL_CTL_MOD, 0);
  else if (sscanf(line, "resume %d %d", &from, &to) == 2)
    for (int i = from; i < to; i++) listen_to(&subscribers[i], EPOLL_CTL_MOD, EPOLLIN);
  answer("{}");
}

int main(int argc, char **argv) {
  struct text *request = NULL;
  for (int option; (option = getopt(argc, argv, "p:n:r:f:k:i:o:b:s")) != -1;) {
    if (option == 'p') port = atoi(optarg);
    if (option == 'n') count = atoi(optarg);
    if (option == 'r') request = slurp(optarg);
    if (option == 'f') follow_up = slurp(optarg);
    if (option == 'k') groups = atoi(optarg);
    if (option == 'i' && ping_count++ < PINGS) pings[ping_count - 1] = slurp(optarg);
    if (option == 'o') pong = slurp(optarg);
    if (option == 'b') receive_buffer = atoi(optarg);
    if (option == 's') hashing = 1;
  }
  if (!port || !count || !request || !ping_count != !pong || ping_count > PINGS) {
    fprintf(stderr, "subscribers: see the head of bench/load/subscribers.c for its arguments\n");
    return 2;
  }
  epoll = epoll_create1(0);
  struct epoll_event input = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &input) < 0) fail("epoll_ctl");
  subscribers = calloc(count, sizeof *subscribers);
  for (int i = 0; i < count; i++) {
    subscribers[i].fd = -1;
    subscribers[i].request = request;
    subscribers[i].tally.last = -1;
  }

  static struct epoll_event events[1024];
  for (;;) {
    for (int burst = 0; burst < BURST && next < count && outstanding < AT_ONCE; next++)
      if (subscribers[next].fd < 0) {
        dial(&subscribers[next]);
        burst++;
      }
    int ready = epoll_wait(epoll, events, 1024, next < count && outstanding < AT_ONCE ? 0 : -1);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    long long now = now_us();
    for (int i = 0; i < ready; i++) {
      struct subscriber *one = events[i].data.ptr;
      if (one) {
        if (one->fd >= 0) read_from(one, now);
        continue;
      }
      char line[320];
      ssize_t length = read(0, line, sizeof line - 1);
      if (length <= 0) return 0;
      line[length] = 0;
      command(line);
    }
  }
}
