/*
 * The marks that every published payload carries, #SSSSSSSS:TTTTTTTTTTTTTTTT#: its number, and the microsecond of the
 * monotonic clock at which it was due to be published. A stream is scanned for them whatever protocol it speaks.
 */
#include <stdint.h>
#include <string.h>

enum { MARK = 25, BUCKETS = 64 * 16 };

struct tally {
  int in_mark;      /* bytes of a mark gathered so far, without the first #; -1 outside of one */
  long last;        /* number of the last mark, -1 before the first */
  long messages;
  char mark[MARK];
};

static long faults;
static long long latencies[BUCKETS];

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

/* The latency that this share of all messages did not exceed. */
static long long percentile(double share, long total) {
  long long seen = 0;
  for (int bucket = 0; bucket < BUCKETS; bucket++) {
    seen += latencies[bucket];
    if (seen > 0 && seen >= (long long)(share * total)) return bucket_value(bucket);
  }
  return 0;
}

/* A fault is a mark that is not the successor of the one before: lost, doubled or out of order. */
static void take_mark(struct tally *tally, long long now) {
  long number = 0;
  long long due = 0;
  for (int i = 0; i < 8; i++) number = number * 10 + (tally->mark[i] - '0');
  for (int i = 9; i < 25; i++) due = due * 10 + (tally->mark[i] - '0');
  if (tally->last >= 0 && number != tally->last + 1) faults++;
  tally->last = number;
  tally->messages++;
  latencies[bucket_of(now - due)]++;
}

static void scan(struct tally *tally, const char *at, const char *end, long long now) {
  while (at < end) {
    if (tally->in_mark < 0) {
      at = memchr(at, '#', end - at);
      if (!at) return;
      at++;
      tally->in_mark = 0;
      continue;
    }
    char c = *at++;
    if (tally->in_mark == MARK) {
      if (c == '#') take_mark(tally, now);
      tally->in_mark = -1;
    } else if ((c >= '0' && c <= '9') || (c == ':' && tally->in_mark == 8)) {
      tally->mark[tally->in_mark++] = c;
    } else {
      tally->in_mark = c == '#' ? 0 : -1;
    }
  }
}
