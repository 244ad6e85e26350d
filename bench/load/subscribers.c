/*
 * Opens many subscribers of one server and counts what each of them gets.
 *
 *   subscribers PORT COUNT REQUEST [FOLLOW-UP]
 *
 * REQUEST is a file with the bytes that open a subscription: an HTTP request, an MQTT CONNECT. FOLLOW-UP is
 * sent once the first byte has come back, for protocols that greet first. Nothing of the protocol is parsed: every published
 * payload carries a mark, #SSSSSSSS:TTTTTTTTTTTTTTTT#, its number and the microsecond of the monotonic clock at
 * which it was published, and the stream of each subscriber is scanned for marks. So the same code reads
 * WebSocket frames, event streams and MQTT, and costs a fraction of what the server spends: one epoll loop,
 * one read a readiness, one memchr a read.
 *
 * Commands on standard input, each answered by one line of JSON:
 *   report   what came since the last reset: {"subscribers","messages","least","most","faults","bytes",...}.
 *            A fault is a mark that is not the successor of the one before: lost, doubled or out of order.
 *   reset    forgets what was counted; the next mark of each subscriber may be any.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MARK = 25, READ_BYTES = 256 * 1024, BUCKETS = 64 * 16 };

struct subscriber {
  int fd;
  int in_mark;      /* bytes of a mark gathered so far, without the first # */
  int greeted;
  long last;        /* number of the last mark, -1 before the first */
  long messages;
  char mark[MARK];
};

static struct subscriber *subscribers;
static int count;
static long faults, closed;
static long long bytes;
static long long latencies[BUCKETS];
static char *request, *follow_up;
static size_t request_length, follow_up_length;

static void fail(const char *what) {
  fprintf(stderr, "subscribers: %s: %s\n", what, strerror(errno));
  exit(1);
}

static char *slurp(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  char *text = malloc(1 << 16);
  *length = fread(text, 1, 1 << 16, file);
  fclose(file);
  return text;
}

static long long now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/* Sixteen buckets for each power of two: within 6 % of the true value. */
static int bucket_of(long long us) {
  if (us < 16) return us < 0 ? 0 : (int)us;
  int power = 63 - __builtin_clzll((unsigned long long)us);
  return (power - 3) * 16 + (int)((us >> (power - 4)) & 15);
}

static long long bucket_value(int bucket) {
  if (bucket < 16) return bucket;
  int power = bucket / 16 + 3;
  return (16LL + bucket % 16) << (power - 4);
}

static void take_mark(struct subscriber *one, long long now) {
  long number = 0;
  long long sent = 0;
  for (int i = 0; i < 8; i++) number = number * 10 + (one->mark[i] - '0');
  for (int i = 9; i < 25; i++) sent = sent * 10 + (one->mark[i] - '0');
  if (one->last >= 0 && number != one->last + 1) faults++;
  one->last = number;
  one->messages++;
  latencies[bucket_of(now - sent)]++;
}

static void scan(struct subscriber *one, const char *at, const char *end, long long now) {
  while (at < end) {
    if (one->in_mark < 0) {
      at = memchr(at, '#', end - at);
      if (!at) return;
      at++;
      one->in_mark = 0;
      continue;
    }
    char c = *at++;
    if (one->in_mark == MARK) {
      if (c == '#') take_mark(one, now);
      one->in_mark = -1;
    } else if ((c >= '0' && c <= '9') || (c == ':' && one->in_mark == 8)) {
      one->mark[one->in_mark++] = c;
    } else {
      one->in_mark = c == '#' ? 0 : -1;
    }
  }
}

static void dial(struct subscriber *one, int port, int epoll) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  /* Each loopback address has ports of its own, so that their number sets no limit. */
  struct sockaddr_in local = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (unsigned)((one - subscribers) / 20000));
  one->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (one->fd < 0) fail("socket");
  int yes = 1;
  setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (bind(one->fd, (struct sockaddr *)&local, sizeof local) < 0) fail("bind");
  if (connect(one->fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
  if (write(one->fd, request, request_length) != (ssize_t)request_length) fail("write");
  fcntl(one->fd, F_SETFL, O_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = one};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, one->fd, &event) < 0) fail("epoll_ctl");
}

static void report(void) {
  long least = -1, most = 0, total = 0;
  for (int i = 0; i < count; i++) {
    long messages = subscribers[i].messages;
    if (least < 0 || messages < least) least = messages;
    if (messages > most) most = messages;
    total += messages;
  }
  static const double shares[] = {0.5, 0.99, 0.999};
  long long found[3] = {0, 0, 0};
  for (int s = 0; s < 3; s++) {
    long long seen = 0;
    for (int b = 0; b < BUCKETS; b++) {
      seen += latencies[b];
      if (seen > 0 && seen >= (long long)(shares[s] * total)) {
        found[s] = bucket_value(b);
        break;
      }
    }
  }
  printf("{\"subscribers\":%d,\"messages\":%ld,\"least\":%ld,\"most\":%ld,\"faults\":%ld,\"bytes\":%lld,"
         "\"p50us\":%lld,\"p99us\":%lld,\"p999us\":%lld}\n",
         count, total, least, most, faults, bytes, found[0], found[1], found[2]);
  fflush(stdout);
}

static void reset(void) {
  for (int i = 0; i < count; i++) {
    subscribers[i].messages = 0;
    subscribers[i].last = -1;
  }
  faults = 0;
  bytes = 0;
  memset(latencies, 0, sizeof latencies);
  printf("{}\n");
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: subscribers PORT COUNT REQUEST [FOLLOW-UP]\n");
    return 2;
  }
  int port = atoi(argv[1]);
  count = atoi(argv[2]);
  request = slurp(argv[3], &request_length);
  if (argc > 4) follow_up = slurp(argv[4], &follow_up_length);
  subscribers = calloc(count, sizeof *subscribers);
  int epoll = epoll_create1(0);
  struct epoll_event input = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &input) < 0) fail("epoll_ctl");

  static char buffer[READ_BYTES];
  static struct epoll_event events[1024];
  int opened = 0, greeted = 0;
  for (;;) {
    /* A few at a time: a listening socket's queue is short. */
    for (int burst = 0; burst < 32 && opened < count && opened - greeted < 256; burst++) {
      struct subscriber *one = &subscribers[opened++];
      one->last = -1;
      one->in_mark = -1;
      dial(one, port, epoll);
    }
    int ready = epoll_wait(epoll, events, 1024, -1);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    long long now = now_us();
    for (int i = 0; i < ready; i++) {
      struct subscriber *one = events[i].data.ptr;
      if (!one) {
        char line[64];
        ssize_t length = read(0, line, sizeof line);
        if (length <= 0) return 0;
        if (memmem(line, length, "reset", 5)) reset();
        else report();
        continue;
      }
      ssize_t length = read(one->fd, buffer, sizeof buffer);
      if (length < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (length <= 0) {
        if (closed++ == 0) fprintf(stderr, "subscribers: the server closed one\n");
        faults++;
        close(one->fd);
        continue;
      }
      if (!one->greeted) {
        one->greeted = 1;
        greeted++;
        if (follow_up && write(one->fd, follow_up, follow_up_length) < 0) fail("write");
        if (greeted == count) {
          printf("{\"ready\":%d}\n", count);
          fflush(stdout);
        }
      }
      bytes += length;
      scan(one, buffer, buffer + length, now);
    }
  }
}
